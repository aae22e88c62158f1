package io.gatehouse.internal.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.TestCluster;
import io.gatehouse.testing.TestRedis;
import io.gatehouse.testing.TestSentinel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Jedis;

/** The metrics that the servers of Redis report about themselves. */
@Timeout(120)
class RedisServerMetricsTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Set<RedisPurpose> SESSIONS = EnumSet.of(RedisPurpose.SESSIONS);

    private static GatehouseMetrics metrics(RedisConnections connections, Set<RedisPurpose> redisPurposes) {
        GatehouseMetrics gatehouseMetrics = new GatehouseMetrics("shop", InstantSource.system(), System::nanoTime);
        gatehouseMetrics.observe(connections, redisPurposes);
        return gatehouseMetrics;
    }

    private static String sample(String name, String node) {
        return "gatehouse_redis_" + name + "{node=" + node + ", purpose=sessions}";
    }

    @Test
    void reportsMemoryHitsEvictionsAndClients() {
        try (TestRedis redis = TestRedis.start("--maxmemory", "3mb", "--maxmemory-policy", "allkeys-lru");
                Jedis client = new Jedis("127.0.0.1", redis.port())) {
            client.set("present", "1");
            client.get("present");
            client.get("absent");
            client.get("absent");
            for (int i = 0; i < 100; i++) {
                client.set("k" + i, "x".repeat(50_000));
            }
            try (RedisConnections connections = Connections.to(redis.url())) {
                Samples samples = Samples.of(metrics(connections, SESSIONS));
                String node = "127.0.0.1:" + redis.port();
                assertThat(samples.of(sample("memory_used_bytes", node))).isBetween(500_000.0, 4_000_000.0);
                assertThat(samples.of(sample("memory_limit_bytes", node))).isEqualTo(3 * 1024 * 1024);
                assertThat(samples.of(sample("evicted_keys_total", node))).isPositive();
                assertThat(samples.of(sample("keyspace_hits_total", node))).isEqualTo(1);
                assertThat(samples.of(sample("keyspace_misses_total", node))).isEqualTo(2);
                assertThat(samples.of(sample("connected_clients", node))).isGreaterThanOrEqualTo(2);
                assertThat(samples.of(sample("rejected_connections_total", node)))
                        .isZero();
                assertThat(samples.of(sample("replicas", node))).isZero();
                assertThat(samples.of(sample("replica_lag_seconds", node)))
                        .as("without a replica there is no lag")
                        .isEqualTo(-1);
            }
        }
    }

    @Test
    void reportsTheReplicasOfTheMasterAndTheirLag() {
        try (TestSentinel sentinel = new TestSentinel()) {
            Map<String, String> settings = new HashMap<>(sentinel.settings());
            settings.put("REDIS_HEALTH_CHECK_INTERVAL", "1");
            try (RedisConnections connections = Connections.with(settings)) {
                GatehouseMetrics gatehouseMetrics = metrics(connections, SESSIONS);
                Eventually.within(SOON, () -> {
                    Samples samples = Samples.of(gatehouseMetrics);
                    assertThat(samples.sum("gatehouse_redis_replicas")).isEqualTo(1);
                    assertThat(samples.families()).contains("gatehouse_redis_replica_lag_seconds");
                    assertThat(samples.sum("gatehouse_redis_replica_lag_seconds"))
                            .isBetween(0.0, 5.0);
                });
            }
        }
    }

    @Test
    void reportsEveryMasterOfACluster() {
        try (TestCluster cluster = new TestCluster();
                RedisConnections connections = Connections.with(cluster.settings())) {
            Samples samples = Samples.of(metrics(connections, SESSIONS));
            assertThat(samples.labels().get("node")).hasSize(3);
        }
    }

    @Test
    void reportsNothingOfAServerThatIsDown() {
        TestRedis redis = TestRedis.start();
        try (RedisConnections connections = Connections.with(
                Map.of("REDIS_SESSION_URL", redis.url(), "REDIS_HEALTH_CHECK_INTERVAL", "1"),
                EnumSet.copyOf(SESSIONS))) {
            GatehouseMetrics gatehouseMetrics = metrics(connections, SESSIONS);
            assertThat(Samples.of(gatehouseMetrics).sum("gatehouse_redis_memory_used_bytes"))
                    .isPositive();
            redis.close();
            Eventually.within(
                    SOON,
                    () -> assertThat(Samples.of(gatehouseMetrics).labels()).doesNotContainKey("node"));
        }
    }

    @Test
    void readingTheMetricsSendsNoCommand() {
        try (TestRedis redis = TestRedis.start();
                CountingProxy proxy = new CountingProxy(redis.port());
                RedisConnections connections = Connections.with(
                        Map.of("REDIS_SESSION_URL", proxy.url(), "REDIS_HEALTH_CHECK_INTERVAL", "3600"),
                        EnumSet.copyOf(SESSIONS))) {
            GatehouseMetrics gatehouseMetrics = metrics(connections, SESSIONS);
            proxy.takeRoundTrips();
            assertThat(Samples.of(gatehouseMetrics).labels().get("node")).hasSize(1);
            assertThat(proxy.takeRoundTrips()).isZero();
        }
    }
}
