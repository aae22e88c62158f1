package io.gatehouse.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.RedisPurpose;
import io.gatehouse.RedisRejectedException;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestCluster;
import io.gatehouse.testing.TestRedis;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.util.JedisClusterCRC16;

/** Tests that several calls share one round trip. */
@RedisTest(lasting = ".*")
class PipelineTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static final EnumSet<RedisPurpose> ALL = EnumSet.allOf(RedisPurpose.class);

    @Test
    void aPipelineOfManyCallsIsOneRoundTrip() {
        try (CountingProxy proxy = new CountingProxy(REDIS.port());
                RedisConnections redis = Connections.to(proxy.url())) {
            redis.send(Calls.count("warm-up"));
            redis.send(Calls.get("warm-up"));
            proxy.takeRoundTrips();
            Pipeline pipeline = new Pipeline();
            List<Response<Long>> replies = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                replies.add(pipeline.add(Calls.count("k")));
            }
            redis.send(pipeline);
            assertThat(proxy.takeRoundTrips()).isEqualTo(1);
            assertThat(replies.get(99).get()).isEqualTo(100);
        }
    }

    @Test
    void purposesInDatabasesOfOneServerShareARoundTrip() {
        try (CountingProxy proxy = new CountingProxy(REDIS.port());
                RedisConnections redis = Connections.with(urls(proxy.port(), proxy.port()), ALL)) {
            ALL.forEach(redisPurpose -> redis.send(Calls.count(redisPurpose, "warm-up")));
            proxy.takeRoundTrips();
            Pipeline pipeline = new Pipeline();
            List<Response<Long>> replies = new ArrayList<>();
            for (RedisPurpose redisPurpose : List.of(
                    RedisPurpose.RATE_LIMIT, RedisPurpose.SESSIONS, RedisPurpose.CACHE, RedisPurpose.SESSIONS)) {
                replies.add(pipeline.add(Calls.count(redisPurpose, "k")));
            }
            redis.send(pipeline);
            assertThat(proxy.takeRoundTrips()).isEqualTo(1);
            assertThat(replies.stream().map(Response::get)).containsExactly(1L, 1L, 1L, 2L);
        }
        assertThat(count(1)).isEqualTo("1");
        assertThat(count(2)).isEqualTo("2");
        assertThat(count(3)).isEqualTo("1");
        assertThat(count(4)).isNull();
    }

    @Test
    void purposesOnDifferentServersRunInParallel() {
        try (TestRedis other = TestRedis.start();
                RedisConnections redis = Connections.with(urls(REDIS.port(), other.port()), ALL)) {
            Pipeline pipeline = new Pipeline();
            Response<Long> here = pipeline.add(Calls.count(RedisPurpose.SESSIONS, "k"));
            Response<Long> there = pipeline.add(Calls.count(RedisPurpose.CACHE, "k"));
            redis.send(pipeline);
            assertThat(List.of(here.get(), there.get())).containsExactly(1L, 1L);
        }
    }

    @Test
    void anUnavailableServerFailsOnlyItsOwnCalls() {
        try (RedisConnections redis = Connections.with(urls(REDIS.port(), 1), ALL)) {
            Pipeline pipeline = new Pipeline();
            Response<Long> here = pipeline.add(Calls.count(RedisPurpose.SESSIONS, "k"));
            Response<Long> there = pipeline.add(Calls.count(RedisPurpose.CACHE, "k"));
            redis.send(pipeline);
            assertThat(here.get()).isEqualTo(1);
            assertThatThrownBy(there::get).isInstanceOf(RedisUnavailableException.class);
        }
    }

    @Test
    void aRejectedCallFailsAlone() {
        try (RedisConnections redis = Connections.to(REDIS.url());
                RedisClient client = REDIS.client()) {
            client.lpush("list", "x");
            Pipeline pipeline = new Pipeline();
            Response<Long> wrong = pipeline.add(Calls.count("list"));
            Response<Long> right = pipeline.add(Calls.count("k"));
            redis.send(pipeline);
            assertThatThrownBy(wrong::get)
                    .isInstanceOf(RedisRejectedException.class)
                    .hasMessageContaining("WRONGTYPE");
            assertThat(right.get()).isEqualTo(1);
        }
    }

    @Test
    void sendsTheTextOfAScriptThatTheServerHasForgotten() {
        try (RedisConnections redis = Connections.to(REDIS.url());
                RedisClient client = REDIS.client()) {
            assertThat(redis.send(Calls.count("k"))).isEqualTo(1);
            client.scriptFlush();
            Pipeline pipeline = new Pipeline();
            Response<Long> one = pipeline.add(Calls.count("k"));
            Response<Long> two = pipeline.add(Calls.count("k"));
            redis.send(pipeline);
            assertThat(List.of(one.get(), two.get())).containsExactly(2L, 3L);
        }
    }

    @Test
    void aResponseHasNoValueBeforeThePipelineIsSent() {
        assertThatThrownBy(() -> new Pipeline().add(Calls.count("k")).get()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anEmptyPipelineIsNotSent() {
        try (RedisConnections redis = Connections.to("redis://127.0.0.1:1/0")) {
            redis.send(new Pipeline());
        }
    }

    @Test
    void followsSlotsThatMigrateToAnotherNode() {
        try (TestCluster cluster = new TestCluster();
                RedisConnections redis = Connections.with(cluster.settings())) {
            int slot = JedisClusterCRC16.getSlot("k");
            int owner = slot * 3 / 16384;
            assertThat(redis.send(Calls.count("k"))).isEqualTo(1);
            cluster.moveHalfway(slot, owner, (owner + 1) % 3);
            assertThat(redis.send(Calls.count("k"))).as("ASK").isEqualTo(2);
            cluster.move(slot, owner, (owner + 1) % 3);
            assertThat(redis.send(Calls.count("k"))).as("MOVED").isEqualTo(3);
            Pipeline pipeline = new Pipeline();
            List<Response<Long>> replies = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                replies.add(pipeline.add(Calls.count("key" + i)));
            }
            redis.send(pipeline);
            assertThat(replies).allMatch(response -> response.get() == 1);
        }
    }

    private static Map<String, String> urls(int sessionsAndLimits, int caches) {
        return Map.of(
                "REDIS_SESSION_URL", "redis://127.0.0.1:" + sessionsAndLimits + "/2",
                "REDIS_RATE_LIMIT_URL", "redis://127.0.0.1:" + sessionsAndLimits + "/3",
                "REDIS_URL", "redis://127.0.0.1:" + caches + "/1",
                "REDIS_CACHE_WARMING_URL", "redis://127.0.0.1:" + caches + "/4");
    }

    private static String count(int database) {
        try (RedisClient client = RedisClient.create("redis://127.0.0.1:" + REDIS.port() + "/" + database)) {
            return client.get("k");
        }
    }
}
