package io.gatehouse.internal.cache;

import io.gatehouse.cache.LoadOptions;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.RedisDeployment;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import io.gatehouse.testing.Topology;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.RedisClient;

/** Two nodes with a cache, on a standalone server and on a cluster. Sentinel is left out: scripts see a single server. */
@RedisTest
@ParameterizedClass
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SENTINEL")
abstract class CacheNodes {
    static final Duration LONG = Duration.ofSeconds(20);
    static final LoadOptions WAIT = LoadOptions.defaults().waitAtMost(LONG);
    static final LoadOptions IN_CALLER = LoadOptions.defaults().inCallerThread();

    final CacheNode one;
    final CacheNode two;
    private final RedisDeployment redis;

    CacheNodes(Topology topology) {
        redis = topology.shared();
        one = new CacheNode(redis.settings());
        two = new CacheNode(redis.settings());
    }

    @BeforeEach
    void awaitSubscriptions() {
        Eventually.holds(
                "both subscriptions are connected", LONG, () -> one.cache.isConnected() && two.cache.isConnected());
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    /** Returns every key with its time to live, in milliseconds; -1 for none. */
    Map<String, Long> keys() {
        Map<String, Long> keys = new TreeMap<>();
        each((client, key) -> keys.put(key, client.pttl(key)));
        return keys;
    }

    /** Deletes every key with this ending, as an eviction does. */
    void deleteKeys(String ending) {
        each((client, key) -> {
            if (key.endsWith(ending)) {
                client.del(key);
            }
        });
    }

    private void each(BiConsumer<RedisClient, String> work) {
        for (TestRedis server : redis.masters()) {
            try (RedisClient client = server.client()) {
                server.keys().forEach(key -> work.accept(client, key));
            }
        }
    }
}
