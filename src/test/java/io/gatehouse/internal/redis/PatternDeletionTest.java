package io.gatehouse.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.RedisPurpose;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.TestCluster;
import io.gatehouse.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Jedis;

/** Tests that deleting by pattern removes all matching keys and no others. */
@Timeout(60)
class PatternDeletionTest {
    @Test
    void removesAllMatchingKeysAndNoOthers() {
        try (TestRedis server = TestRedis.start();
                CountingProxy proxy = new CountingProxy(server.port());
                RedisConnections redis = Connections.with(
                        Map.of(
                                "REDIS_SESSION_URL",
                                proxy.url(),
                                "REDIS_URL",
                                proxy.url().replace("/0", "/1")),
                        EnumSet.of(RedisPurpose.SESSIONS, RedisPurpose.CACHE));
                Jedis client = new Jedis("127.0.0.1", server.port())) {
            for (int database : new int[] {0, 1, 2}) {
                client.select(database);
                fill(client, 20_000);
            }
            redis.send(Calls.get("warm-up"));
            proxy.takeRoundTrips();
            assertThat(deleteByPattern(redis, RedisPurpose.CACHE, "gone:*")).isEqualTo(10_000);
            assertThat(proxy.takeRoundTrips())
                    .as("several steps, each of them one round trip")
                    .isBetween(10, 60);
            client.select(1);
            assertThat(client.dbSize()).isEqualTo(10_000);
            assertThat(client.exists("kept:1", "kept:19999")).isEqualTo(2);
            for (int database : new int[] {0, 2}) {
                client.select(database);
                assertThat(client.dbSize()).as("database " + database).isEqualTo(20_000);
            }
            assertThat(client.info("commandstats")).doesNotContain("cmdstat_keys", "cmdstat_del:");
            redis.send(Calls.count("home"));
            client.select(0);
            assertThat(client.get("home"))
                    .as("the connection has selected its home database again")
                    .isEqualTo("1");
        }
    }

    @Test
    void interpretsThePatternAsRedisDoes() {
        try (TestRedis server = TestRedis.start();
                RedisConnections redis = Connections.to(server.url());
                Jedis client = new Jedis("127.0.0.1", server.port())) {
            client.mset("a*b", "1", "axb", "1", "a?b", "1", "a[x]b", "1", "ä", "1");
            assertThat(deleteByPattern(redis, RedisPurpose.SESSIONS, "a\\*b")).isEqualTo(1);
            assertThat(deleteByPattern(redis, RedisPurpose.SESSIONS, "a\\[x\\]b"))
                    .isEqualTo(1);
            assertThat(deleteByPattern(redis, RedisPurpose.SESSIONS, "ä")).isEqualTo(1);
            assertThat(server.keys()).containsExactly("a?b", "axb");
            assertThat(deleteByPattern(redis, RedisPurpose.SESSIONS, "a?b")).isEqualTo(2);
            assertThat(deleteByPattern(redis, RedisPurpose.SESSIONS, "*")).isZero();
        }
    }

    @Test
    void removesKeysOnEveryMasterOfACluster() {
        try (TestCluster cluster = new TestCluster();
                RedisConnections redis = Connections.with(cluster.settings())) {
            Pipeline pipeline = new Pipeline();
            for (int i = 0; i < 600; i++) {
                pipeline.add(Calls.count(name(i)));
            }
            redis.send(pipeline);
            assertThat(deleteByPattern(redis, RedisPurpose.SESSIONS, "gone:*")).isEqualTo(300);
            assertThat(cluster.nodes().stream()
                            .mapToInt(PatternDeletionTest::keys)
                            .sum())
                    .isEqualTo(300);
            cluster.nodes().get(2).process().kill();
            assertThatThrownBy(() -> deleteByPattern(redis, RedisPurpose.SESSIONS, "kept:*"))
                    .isInstanceOf(RedisUnavailableException.class);
        }
    }

    @Test
    void reportsPartialDeletionIfTheServerFailsHalfway() {
        try (TestRedis server = TestRedis.start();
                RedisConnections redis = Connections.to(server.url());
                Jedis client = new Jedis("127.0.0.1", server.port())) {
            fill(client, 5000);
            client.replicaof("127.0.0.1", 1); // still serves reads
            assertThatThrownBy(() -> deleteByPattern(redis, RedisPurpose.SESSIONS, "gone:*"))
                    .isInstanceOf(RedisUnavailableException.class)
                    .hasMessageContaining("some keys may be removed");
        }
    }

    @Test
    void reportsNoPartialDeletionIfTheServerWasNeverReachable() {
        try (RedisConnections redis = Connections.to("redis://127.0.0.1:1/0")) {
            assertThatThrownBy(() -> deleteByPattern(redis, RedisPurpose.SESSIONS, "*"))
                    .isInstanceOf(RedisUnavailableException.class)
                    .hasMessageNotContaining("gone");
        }
    }

    /** Returns a name; every second one matches the pattern. */
    private static String name(int number) {
        return (number % 2 == 0 ? "gone:" : "kept:") + number;
    }

    private static int keys(TestRedis node) {
        try (Jedis client = new Jedis("127.0.0.1", node.port())) {
            return (int) client.dbSize();
        }
    }

    private static void fill(Jedis client, int count) {
        redis.clients.jedis.Pipeline pipeline = client.pipelined();
        for (int i = 0; i < count; i++) {
            pipeline.set(name(i), "v");
        }
        pipeline.sync();
    }

    private static long deleteByPattern(RedisConnections redis, RedisPurpose redisPurpose, String pattern) {
        return redis.deleteByPattern(redisPurpose, pattern.getBytes(StandardCharsets.UTF_8));
    }
}
