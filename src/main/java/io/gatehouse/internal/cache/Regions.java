package io.gatehouse.internal.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The regions of one cache by name: finds the region of a key, and applies invalidations to the first levels. Thread-safe. */
final class Regions {
    private static final String DEFAULT = "default";

    private final Map<String, DefaultCacheRegion> byName = new LinkedHashMap<>();
    private final List<DefaultCacheRegion> inOrder = new ArrayList<>();
    private @Nullable DefaultCacheRegion unnamed;

    /** Adds a region; to be called before the object is shared. */
    void add(DefaultCacheRegion region) {
        byName.put(region.name(), region);
        inOrder.add(region);
        if (region.name().equals(DEFAULT)) {
            unnamed = region;
        }
    }

    /** A key and its region; {@code named} if the key starts with the name of the region. */
    record KeyLocation(DefaultCacheRegion region, String key, boolean named) {}

    /** Returns the location of a key such as {@code user:42}. */
    KeyLocation locate(String key) {
        DefaultCacheRegion named = named(key);
        return named == null
                ? new KeyLocation(unnamed(), key, false)
                : new KeyLocation(named, withoutName(named, key), true);
    }

    /** Returns the region whose name starts a key such as {@code user:42}, or null. Creates no objects. */
    @Nullable
    DefaultCacheRegion named(String key) {
        int colon = CacheKeys.required(key).indexOf(':');
        if (colon > 0) {
            for (DefaultCacheRegion region : inOrder) {
                if (region.name().length() == colon && key.startsWith(region.name())) {
                    return region;
                }
            }
        }
        return null;
    }

    /** Returns the region of keys that start with no name of a region. */
    DefaultCacheRegion unnamed() {
        DefaultCacheRegion region = unnamed;
        return region == null ? get(DEFAULT) : region;
    }

    /** Returns the part of a key that follows the name of its region. */
    static String withoutName(DefaultCacheRegion named, String key) {
        return key.substring(named.name().length() + 1);
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
