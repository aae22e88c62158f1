package io.gatehouse.internal.cache;

import io.gatehouse.cache.Cache;
import io.gatehouse.cache.CacheLoader;
import io.gatehouse.cache.LoadOptions;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The methods of {@link Cache} with and without a TTL, in terms of one method each with {@link LoadOptions}. */
abstract class CacheOverloads implements Cache {

    @Override
    public <T> @Nullable T getOrSet(String key, CacheLoader<? extends T> loader) {
        return this.<T>getOrSet(key, loader, LoadOptions.defaults());
    }

    @Override
    public <T> @Nullable T getOrSet(String key, CacheLoader<? extends T> loader, Duration ttl) {
        return this.<T>getOrSet(key, loader, LoadOptions.defaults().ttl(ttl));
    }

    @Override
    public void put(String key, @Nullable Object value) {
        put(key, value, LoadOptions.defaults());
    }

    @Override
    public void put(String key, @Nullable Object value, Duration ttl) {
        put(key, value, LoadOptions.defaults().ttl(ttl));
    }

    abstract void put(String key, @Nullable Object value, LoadOptions options);

    @Override
    public void setMany(Map<String, ?> values) {
        setMany(values, LoadOptions.defaults());
    }

    @Override
    public void setMany(Map<String, ?> values, Duration ttl) {
        setMany(values, LoadOptions.defaults().ttl(ttl));
    }

    abstract void setMany(Map<String, ?> values, LoadOptions options);

    @Override
    public long increment(String key, long delta) {
        return increment(key, delta, LoadOptions.defaults());
    }

    @Override
    public long increment(String key, long delta, Duration ttl) {
        return increment(key, delta, LoadOptions.defaults().ttl(ttl));
    }

    abstract long increment(String key, long delta, LoadOptions options);
}
