package io.gatehouse.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.GatehouseUser;
import io.gatehouse.testing.TestCluster;
import io.gatehouse.testing.TestRedis;
import io.gatehouse.testing.TestSentinel;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** Counts the commands of heartbeats by the statistics of the servers. */
class NodeHeartbeatTest {
    private static final int HEARTBEATS = 60;

    @Test
    void aHeartbeatIsOneCommandOnASingleServer() {
        try (TestRedis redis = TestRedis.start();
                CacheNode node = new CacheNode(Map.of("REDIS_URL", redis.url()))) {
            assertThat(commandsOf(node, redis.masters()))
                    .isEqualTo(Map.of("evalsha", 60L, "zadd", 60L, "mget", 60L)); // the last two inside of the script
        }
    }

    @Test
    void aHeartbeatIsOneCommandWithSentinel() {
        try (TestSentinel sentinel = new TestSentinel();
                CacheNode node = new CacheNode(sentinel.settings())) {
            assertThat(commandsOf(node, sentinel.masters()))
                    .isEqualTo(Map.of("evalsha", 60L, "zadd", 60L, "mget", 60L));
        }
    }

    @Test
    void theShippedRedisUserMaySendIt() {
        try (TestRedis redis = TestRedis.start();
                CacheNode node = new CacheNode(Map.of("REDIS_URL", GatehouseUser.at(redis)))) {
            assertThat(commandsOf(node, redis.masters())).isEqualTo(Map.of("evalsha", 60L, "zadd", 60L, "mget", 60L));
        }
    }

    @Test
    void aHeartbeatReadsEachBucketInACluster() {
        try (TestCluster cluster = new TestCluster();
                CacheNode node = new CacheNode(cluster.settings())) {
            assertThat(commandsOf(node, cluster.masters()))
                    .isEqualTo(Map.of("evalsha", 60L, "zadd", 60L, "mget", 60L * CacheKeys.BUCKETS));
        }
    }

    /** Sends heartbeats and returns how often each of the commands ran that no probe and no subscription sends. */
    private static Map<String, Long> commandsOf(CacheNode node, List<TestRedis> servers) {
        Eventually.holds("the subscription is connected", Duration.ofSeconds(20), node.cache::isConnected);
        node.cache.heartbeat(); // stores the script, and learns whether it is a cluster
        node.cache.heartbeat();
        Map<String, Long> before = calls(servers);
        for (int i = 0; i < HEARTBEATS; i++) {
            node.cache.heartbeat();
        }
        Map<String, Long> counted = calls(servers);
        counted.replaceAll((command, count) -> count - before.getOrDefault(command, 0L));
        return counted;
    }

    private static Map<String, Long> calls(List<TestRedis> servers) {
        Map<String, Long> calls = new HashMap<>();
        for (TestRedis server : servers) {
            try (Jedis jedis = new Jedis("localhost", server.port())) {
                jedis.info("commandstats").lines().forEach(line -> {
                    if (line.matches("cmdstat_(evalsha|mget|zadd):calls=.*")) {
                        String command = line.substring("cmdstat_".length(), line.indexOf(':'));
                        calls.merge(
                                command,
                                Long.parseLong(line.substring(line.indexOf('=') + 1, line.indexOf(','))),
                                Long::sum);
                    }
                });
            }
        }
        return calls;
    }
}
