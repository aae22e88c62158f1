package io.gatehouse.boot;

import io.gatehouse.cache.CacheManager;
import io.gatehouse.cache.CacheSettings;
import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.RedisConnections;
import io.gatehouse.schedule.Workers;
import io.gatehouse.signing.KeyRing;
import io.gatehouse.values.JsonMapper;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The cache of one application and the threads that it works with. */
final class Caching implements AutoCloseable {
    static final Set<Purpose> PURPOSES = Set.of(Purpose.CACHE);

    private final Workers workers = new Workers();
    private final CacheManager cache;

    Caching(
            CacheSettings settings,
            String keyPrefix,
            String application,
            KeyRing keys,
            RedisConnections redis,
            @Nullable JsonMapper json,
            InstantSource clock) {
        this.cache =
                new CacheManager(settings, keyPrefix, application, keys, redis, json, workers, clock, System::nanoTime);
        workers.every(CacheManager.BEAT, cache::beat);
    }

    CacheManager cache() {
        return cache;
    }

    /** To be called where the server's names can be looked up. */
    void begin() {
        workers.open();
    }

    @Override
    public void close() {
        cache.close();
        workers.close();
    }
}
