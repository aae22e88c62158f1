package io.gatehouse.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.RedisPurpose;
import io.gatehouse.RedisRejectedException;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestCluster;
import io.gatehouse.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.util.JedisClusterCRC16;

/** Tests the native command for many values, which is sent together with scripts. */
@RedisTest(lasting = ".*")
class MgetTest {
    private static final TestRedis REDIS = TestRedis.shared();

    @Test
    void mgetReturnsStoredValuesAndNullForMissingKeys() {
        try (RedisConnections redis = Connections.to(REDIS.url());
                Jedis client = new Jedis("127.0.0.1", REDIS.port())) {
            client.mset("a", "1", "c", "3");
            assertThat(redis.send(mget(RedisPurpose.SESSIONS, "a", "b", "c"))).containsExactly("1", null, "3");
        }
    }

    @Test
    void mgetSharesARoundTripWithAScript() {
        try (CountingProxy proxy = new CountingProxy(REDIS.port());
                RedisConnections redis = Connections.to(proxy.url())) {
            redis.send(Calls.count("n"));
            proxy.takeRoundTrips();
            Pipeline pipeline = new Pipeline();
            Response<Long> counted = pipeline.add(Calls.count("n"));
            Response<List<@Nullable String>> read = pipeline.add(mget(RedisPurpose.SESSIONS, "n", "none"));
            redis.send(pipeline);
            assertThat(proxy.takeRoundTrips()).isEqualTo(1);
            assertThat(counted.get()).isEqualTo(2);
            assertThat(read.get()).containsExactly("2", null);
        }
    }

    @Test
    void mgetReadsTheDatabaseOfItsPurpose() {
        Map<String, String> urls = Map.of("REDIS_SESSION_URL", REDIS.url(2), "REDIS_URL", REDIS.url(1));
        try (RedisConnections redis = Connections.with(urls, EnumSet.of(RedisPurpose.SESSIONS, RedisPurpose.CACHE));
                Jedis client = new Jedis("127.0.0.1", REDIS.port())) {
            client.select(1);
            client.set("k", "cache");
            client.select(2);
            client.set("k", "session");
            for (int round = 0; round < 2; round++) {
                Pipeline pipeline = new Pipeline();
                Response<List<@Nullable String>> cache = pipeline.add(mget(RedisPurpose.CACHE, "k"));
                Response<List<@Nullable String>> session = pipeline.add(mget(RedisPurpose.SESSIONS, "k"));
                redis.send(pipeline);
                assertThat(cache.get()).containsExactly("cache");
                assertThat(session.get()).containsExactly("session");
            }
        }
    }

    @Test
    void mgetReadsKeysOfOneClusterSlot() {
        try (TestCluster cluster = new TestCluster();
                RedisConnections redis = Connections.with(cluster.settings())) {
            Pipeline pipeline = new Pipeline();
            for (int i = 0; i < 30; i++) {
                pipeline.add(Calls.count("{" + i + "}a"));
            }
            redis.send(pipeline);
            pipeline = new Pipeline();
            List<Response<List<@Nullable String>>> replies = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                replies.add(pipeline.add(mget(RedisPurpose.SESSIONS, "{" + i + "}a", "{" + i + "}b")));
            }
            redis.send(pipeline);
            assertThat(replies)
                    .allSatisfy(response -> assertThat(response.get()).containsExactly("1", null));
            assertThatThrownBy(() -> redis.send(mget(RedisPurpose.SESSIONS, "a", "b")))
                    .isInstanceOf(RedisRejectedException.class)
                    .hasMessageContaining("CROSSSLOT");
        }
    }

    @Test
    void mgetReadsKeysOfAMigratingSlot() {
        try (TestCluster cluster = new TestCluster()) {
            Map<String, String> settings = new HashMap<>(cluster.settings());
            settings.put("GATEHOUSE_REDIS_DEADLINE", "10s"); // for a busy machine
            int slot = JedisClusterCRC16.getSlot("{k}a");
            int owner = slot * 3 / 16384;
            try (RedisConnections redis = Connections.with(settings)) {
                redis.send(Calls.count("{k}a"));
                redis.send(Calls.count("{k}b"));
                try (Load load = new Load(
                        4,
                        i -> assertThat(redis.send(mget(RedisPurpose.SESSIONS, "{k}a", "{k}b")))
                                .containsExactly("1", "1"))) {
                    for (int i = 0; i < 20; i++) {
                        cluster.move(slot, (owner + i) % 3, (owner + i + 1) % 3);
                    }
                    load.awaitProgress(Duration.ofSeconds(20));
                    assertThat(load.takeFailures()).isEmpty();
                }
            }
        }
    }

    @Test
    void mgetIsSentAgainWhenAConnectionBreaks() {
        try (CountingProxy proxy = new CountingProxy(REDIS.port());
                RedisConnections redis = Connections.to(proxy.url())) {
            redis.send(Calls.count("n"));
            proxy.cut();
            assertThat(redis.send(mget(RedisPurpose.SESSIONS, "n"))).containsExactly("1");
        }
    }

    @Test
    void mgetRequiresAKey() {
        assertThatThrownBy(() -> mget(RedisPurpose.SESSIONS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("MGET");
    }

    private static RedisCall<List<@Nullable String>> mget(RedisPurpose redisPurpose, String... keys) {
        return RedisCall.mget(
                redisPurpose,
                Arrays.stream(keys)
                        .map(key -> key.getBytes(StandardCharsets.UTF_8))
                        .toList(),
                MgetTest::texts);
    }

    private static List<@Nullable String> texts(ReplyReader reply) {
        List<@Nullable String> texts = new ArrayList<>();
        for (byte @Nullable [] value : reply.list().remainingBytes()) {
            texts.add(value == null ? null : new String(value, StandardCharsets.UTF_8));
        }
        return texts;
    }
}
