package io.gatehouse.bench;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.cache.CacheSettings;
import io.gatehouse.internal.cache.DefaultCacheManager;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.internal.redis.RedisSettings;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.signing.KeyRing;
import io.gatehouse.internal.signing.SigningSettings;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The cache of one node, with its own connections and heartbeat. */
final class CacheMember implements AutoCloseable {
    static final String PREFIX = "gatehouse";
    static final String APPLICATION = "bench";
    /** A region whose entries are always read from Redis. Even with memory=0 an entry could stay in memory briefly, hence staleness=0s. */
    static final String PLAIN = "plain";

    private final KeyRing keys;
    private final RedisConnections connections;
    private final DefaultCacheManager manager;
    private final ExecutorService loaders = Executors.newCachedThreadPool();
    private final ScheduledExecutorService heartbeats = Executors.newSingleThreadScheduledExecutor();

    /**
     * Starts a node.
     *
     * @param key the signing key, equal for all nodes of one application
     */
    CacheMember(int redisPort, String key, int connections) {
        Config config = new Config(List.of(ConfigSource.of(
                "bench",
                Map.of(
                        "GATEHOUSE_KEYS", "b1:" + key,
                        "GATEHOUSE_REDIS_DEADLINE", "10s",
                        "GATEHOUSE_CACHE_REGIONS", PLAIN + " memory=0 staleness=0s",
                        "REDIS_URL", "redis://127.0.0.1:" + redisPort + "/0",
                        "REDIS_CONNECTION_POOL_SIZE", "" + connections))));
        this.keys = SigningSettings.from(config).orElseThrow();
        CacheSettings settings = CacheSettings.from(config);
        RedisSettings redisSettings = RedisSettings.from(config);
        config.throwIfBroken();
        InstantSource clock = InstantSource.system();
        this.connections = RedisConnections.open(redisSettings, EnumSet.of(RedisPurpose.CACHE), clock);
        this.manager = new DefaultCacheManager(
                settings, PREFIX, APPLICATION, keys, this.connections, null, loaders, clock, System::nanoTime);
        var unused = heartbeats.scheduleAtFixedRate(
                manager::heartbeat, 0, DefaultCacheManager.HEARTBEAT_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    KeyRing keys() {
        return keys;
    }

    DefaultCacheManager manager() {
        return manager;
    }

    /** Waits until this node is connected and has counted a number of nodes. */
    CacheMember awaiting(int nodes) throws InterruptedException {
        for (int i = 0; i < 1_000; i++) {
            if (manager.isConnected() && manager.nodes() == nodes) {
                return this;
            }
            Thread.sleep(10);
        }
        throw new IllegalStateException(manager.nodes() + " nodes instead of " + nodes);
    }

    @Override
    public void close() {
        heartbeats.shutdownNow();
        manager.close();
        loaders.shutdownNow();
        connections.close();
    }
}
