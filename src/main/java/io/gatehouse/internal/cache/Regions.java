package io.gatehouse.internal.cache;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The regions of one cache by name: finds the region of a key, and applies invalidations to the first levels. Thread-safe. */
final class Regions {
    private final Map<String, DefaultCacheRegion> byName = new LinkedHashMap<>();

    /** Adds a region; to be called before the object is shared. */
    void add(DefaultCacheRegion region) {
        byName.put(region.name(), region);
    }

    /** A key and its region; {@code named} if the key starts with the name of the region. */
    record KeyLocation(DefaultCacheRegion region, String key, boolean named) {}

    /** Returns the location of a key such as {@code user:42}. */
    KeyLocation locate(String key) {
        int colon = CacheKeys.required(key).indexOf(':');
        DefaultCacheRegion named = colon < 0 ? null : byName.get(key.substring(0, colon));
        return named == null
                ? new KeyLocation(get("default"), key, false)
                : new KeyLocation(named, key.substring(colon + 1), true);
    }

    /** @throws IllegalArgumentException if there is no such region */
    DefaultCacheRegion get(String name) {
        DefaultCacheRegion region = byName.get(name);
        if (region == null) {
            throw new IllegalArgumentException(
                    "no cache region " + name + ", there are " + byName.keySet() + "; see GATEHOUSE_CACHE_REGIONS");
        }
        return region;
    }

    Collection<DefaultCacheRegion> all() {
        return List.copyOf(byName.values());
    }

    /** Returns a time to live that suffices for a tag version in every region. */
    Duration longestVersionTtl() {
        return byName.values().stream()
                .map(region -> RedisCacheStore.versionTtl(region.settings()))
                .max(Duration::compareTo)
                .orElse(Duration.ofHours(1));
    }

    /** Drops the entries with a tag from the first level; returns how many there were. */
    long dropTag(String tag) {
        long before = invalidations();
        byName.values()
                .forEach(region -> region.localCache.invalidate(
                        (key, entry) -> entry.tags().contains(tag)));
        return invalidations() - before;
    }

    private long invalidations() {
        return byName.values().stream()
                .mapToLong(region -> region.counters.invalidations.sum())
                .sum();
    }

    /** Applies the invalidation of another node to the first level. */
    void apply(InvalidationMessage message) {
        DefaultCacheRegion region = byName.get(message.region());
        switch (message.kind()) {
            case KEY -> {
                if (region != null) {
                    region.localCache.invalidate(message.rest());
                }
            }
            case TAG -> dropTag(message.rest());
            case PATTERN -> {
                if (region != null) {
                    KeyPattern pattern = new KeyPattern(message.rest());
                    region.localCache.invalidate((key, entry) -> pattern.matches(key));
                }
            }
            case ACK -> throw new IllegalStateException("An acknowledgement is not an invalidation");
        }
    }
}
