package io.gatehouse.cache;

import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.TestCluster;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import redis.clients.jedis.RedisClient;

/** The contract on Redis Cluster. */
class ClusterCacheTest extends CacheContract {
    private static TestCluster redis;

    private CacheNode one;
    private CacheNode two;

    @BeforeAll
    static void start() {
        redis = new TestCluster();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @BeforeEach
    void fresh() {
        redis.flush();
        one = new CacheNode(redis.settings());
        two = new CacheNode(redis.settings());
        Eventually.holds(
                "both listen", Duration.ofSeconds(20), () -> one.cache.isConnected() && two.cache.isConnected());
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    @Override
    CacheNode one() {
        return one;
    }

    @Override
    CacheNode two() {
        return two;
    }

    @Override
    Map<String, Long> keys() {
        Map<String, Long> keys = new TreeMap<>();
        each((client, key) -> keys.put(key, client.pttl(key)));
        return keys;
    }

    @Override
    void forget(String keyEnd) {
        each((client, key) -> {
            if (key.endsWith(keyEnd)) {
                client.del(key);
            }
        });
    }

    private static void each(BiConsumer<RedisClient, String> work) {
        for (TestRedis node : redis.nodes()) {
            try (RedisClient client = node.client()) {
                node.keys().forEach(key -> work.accept(client, key));
            }
        }
    }
}
