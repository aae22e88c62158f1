package io.gatehouse.internal.cache;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.signing.KeyRing;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.Keys;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A node with a cache and a clock that can be moved forward. */
final class CacheNode implements AutoCloseable {
    /** Regions with the default TTL of ten minutes and short timeouts. */
    static final String REGIONS =
            "default soft-timeout=50ms load-timeout=5s retry=5s compress=1000; bound staleness=1ms; plain memory=0;"
                    + " impatient load-timeout=100ms";

    private static final KeyRing KEYS = Keys.random();

    final RedisConnections redis;
    final DefaultCacheManager cache;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final AtomicLong offset = new AtomicLong();

    CacheNode(Map<String, String> redisSettings) {
        this(redisSettings, KEYS);
    }

    CacheNode(Map<String, String> redisSettings, KeyRing keys) {
        redis = Connections.with(redisSettings, EnumSet.of(RedisPurpose.CACHE));
        Config config = new Config(List.of(ConfigSource.of("test", Map.of("GATEHOUSE_CACHE_REGIONS", REGIONS))));
        CacheSettings settings = CacheSettings.from(config);
        config.throwIfBroken();
        InstantSource system = InstantSource.system();
        cache = new DefaultCacheManager(
                settings,
                "gatehouse",
                "app",
                keys,
                redis,
                null,
                executor,
                () -> system.instant().plusMillis(offset.get()),
                () -> System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(offset.get()));
    }

    /** Moves the clock of this node forward. */
    void advance(long millis) {
        offset.addAndGet(millis);
    }

    DefaultCacheRegion region() {
        return cache.region("default");
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // like the cache itself
    <T> @Nullable T get(String key) {
        return cache.<T>get(key).orElse(null);
    }

    @Override
    public void close() {
        cache.close();
        redis.close();
        executor.shutdownNow();
    }
}
