package io.gatehouse.internal.cache;

import io.gatehouse.internal.cache.EntryReader.Found;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Looks up many keys at once, of any regions of one cache: in the first level, then the rest in one round trip. */
final class BatchLookup {
    /** The maximum number of keys in one round trip. */
    static final int BATCH = 1000;

    private BatchLookup() {}

    /** A key to read from Redis; the numbers are from before the read, see {@link DefaultCacheRegion#accept}. */
    private record Pending(String name, DefaultCacheRegion region, String key, long changeCount, long generation) {}

    /**
     * Returns the values that are cached.
     *
     * @param locations the region and the key of each name that the caller uses
     * @return the values by name, in the order of the names; unmodifiable
     */
    static Map<String, Object> values(EntryReader reader, Map<String, Regions.KeyLocation> locations) {
        Map<String, CacheEntry> found = new HashMap<>();
        List<Pending> pending = new ArrayList<>();
        locations.forEach((name, location) -> {
            DefaultCacheRegion region = location.region();
            CacheEntry entry = region.fromFirstLevel(location.key());
            if (entry == null) {
                pending.add(new Pending(
                        name,
                        region,
                        location.key(),
                        region.localCache.changeCount(location.key()),
                        region.tracker.generation()));
            } else {
                found.put(name, entry);
            }
        });
        for (int from = 0; from < pending.size(); from += BATCH) {
            List<Pending> batch = pending.subList(from, Math.min(pending.size(), from + BATCH));
            List<Found> results = reader.findAll(batch.stream()
                    .map(key -> new EntryReader.Name(key.region().name(), key.key()))
                    .toList());
            for (int i = 0; i < batch.size(); i++) {
                Pending key = batch.get(i);
                CacheEntry entry = key.region().accept(key.key(), results.get(i), key.changeCount(), key.generation());
                if (entry != null) {
                    found.put(key.name(), entry);
                }
            }
        }
        Map<String, Object> values = new LinkedHashMap<>();
        locations.keySet().forEach(name -> {
            CacheEntry entry = found.get(name);
            if (entry != null && entry.value() != null) {
                values.put(name, entry.value());
            }
        });
        return Collections.unmodifiableMap(values);
    }
}
