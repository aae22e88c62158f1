package io.gatehouse.internal.cache;

import io.gatehouse.cache.CacheLoader;
import io.gatehouse.cache.LoadOptions;
import io.gatehouse.internal.cache.Regions.KeyLocation;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A {@link io.gatehouse.cache.Cache} whose keys may start with the name of a region, such as {@code user:42}. Thread-safe. */
abstract class PrefixedCache extends CacheOverloads {
    final Regions regions = new Regions();

    @Override
    public <T> @Nullable T getOrSet(String key, CacheLoader<? extends T> loader, LoadOptions options) {
        DefaultCacheRegion named = regions.named(key); // not locate: a hit creates no object
        return named == null
                ? regions.unnamed().<T>getOrSet(key, loader, options)
                : named.<T>getOrSet(Regions.withoutName(named, key), loader, options);
    }

    @Override
    public <T> Optional<T> get(String key) {
        DefaultCacheRegion named = regions.named(key); // not locate: a hit creates no object
        return named == null ? regions.unnamed().get(key) : named.get(Regions.withoutName(named, key));
    }

    @Override
    public <T> Map<String, T> getMany(Collection<String> keys) {
        Map<String, KeyLocation> locations = new LinkedHashMap<>();
        keys.forEach(key -> locations.put(key, regions.locate(key)));
        return DefaultCacheRegion.castMap(BatchLookup.values(regions.get("default").reader, locations));
    }

    @Override
    void put(String key, @Nullable Object value, LoadOptions options) {
        KeyLocation location = regions.locate(key);
        location.region().put(location.key(), value, options);
    }

    @Override
    void setMany(Map<String, ?> values, LoadOptions options) {
        List<PendingPut> puts = values.entrySet().stream()
                .map(entry -> {
                    KeyLocation location = regions.locate(entry.getKey());
                    return location.region().writer.prepare(location.key(), entry.getValue(), options);
                })
                .toList();
        RegionWriter.store(regions.get("default").store, puts);
    }

    @Override
    public boolean add(String key, @Nullable Object value, Duration ttl) {
        KeyLocation location = regions.locate(key);
        return location.region().add(location.key(), value, ttl);
    }

    @Override
    public boolean touch(String key, Duration ttl) {
        KeyLocation location = regions.locate(key);
        return location.region().touch(location.key(), ttl);
    }

    @Override
    long increment(String key, long delta, LoadOptions options) {
        KeyLocation location = regions.locate(key);
        return location.region().increment(location.key(), delta, options);
    }

    @Override
    public Optional<Duration> ttl(String key) {
        KeyLocation location = regions.locate(key);
        return location.region().ttl(location.key());
    }

    @Override
    public boolean remove(String key) {
        KeyLocation location = regions.locate(key);
        return location.region().remove(location.key());
    }
}
