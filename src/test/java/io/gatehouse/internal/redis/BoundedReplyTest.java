package io.gatehouse.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.RedisPurpose;
import io.gatehouse.RedisRejectedException;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** The native commands that read a session: a hash of limited size, the time, and the scores of members. */
@RedisTest(lasting = ".*")
class BoundedReplyTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static final long MOST = 10_000;

    private static byte[] key(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    /** Returns a call for a hash. Its reply is the names and lengths of the fields, or the size of a hash that is too large. */
    private static RedisCall<Object> hash(String name) {
        return RedisCall.hgetall(RedisPurpose.SESSIONS, key(name), MOST, reply -> {
            if (!reply.isList()) {
                return reply.number();
            }
            Map<String, Integer> lengths = new HashMap<>();
            reply.fields().forEach((field, value) -> lengths.put(field, value.length));
            return lengths;
        });
    }

    @Test
    void aHashIsReadUpToItsMaximumSizeAndSkippedBeyondIt() {
        try (CountingProxy proxy = new CountingProxy(REDIS.port());
                RedisConnections redis = Connections.to(proxy.url());
                Jedis client = new Jedis("127.0.0.1", REDIS.port())) {
            int fits = (int) MOST - 64 - 1;
            client.hset("fits", "f", "x".repeat(fits));
            client.hset("large", "f", "x".repeat(fits + 1));
            client.hset("huge", Map.of("f", "x".repeat(5 << 20), "g", "", "h", "y".repeat(3)));
            Map<String, String> many = new HashMap<>();
            for (int i = 0; i < 1000; i++) {
                many.put("" + i, "");
            }
            client.hset("many", many);
            redis.send(hash("none"));
            proxy.takeRoundTrips();
            Pipeline pipeline = new Pipeline();
            List<Response<Object>> replies = List.of("none", "huge", "fits", "large", "many", "fits").stream()
                    .map(name -> pipeline.add(hash(name)))
                    .toList();
            Response<Long> time = pipeline.add(RedisCall.time(RedisPurpose.SESSIONS, key("fits")));
            redis.send(pipeline);
            assertThat(proxy.takeRoundTrips()).isEqualTo(1);
            assertThat(replies.get(0).get()).isEqualTo(Map.of());
            assertThat(replies.get(1).get()).isEqualTo((5L << 20) + 3 + 3 + 3 * 64);
            assertThat(replies.get(2).get()).isEqualTo(Map.of("f", fits));
            assertThat(replies.get(3).get()).isEqualTo(MOST + 1);
            assertThat(replies.get(4).get()).isEqualTo(1000 * 64L + 10 + 180 + 2700);
            assertThat(replies.get(5).get()).isEqualTo(Map.of("f", fits));
            assertThat(time.get()).isBetween(System.currentTimeMillis() - 60_000, System.currentTimeMillis() + 60_000);
        }
    }

    @Test
    void aKeyOfAnotherTypeIsRejectedAndTheOtherRepliesAreRead() {
        try (RedisConnections redis = Connections.to(REDIS.url());
                Jedis client = new Jedis("127.0.0.1", REDIS.port())) {
            client.set("text", "x");
            client.hset("hash", "f", "v");
            Pipeline pipeline = new Pipeline();
            Response<Object> text = pipeline.add(hash("text"));
            Response<Object> hash = pipeline.add(hash("hash"));
            redis.send(pipeline);
            assertThatThrownBy(text::get).isInstanceOf(RedisRejectedException.class);
            assertThat(hash.get()).isEqualTo(Map.of("f", 1));
        }
    }

    @Test
    void scoresAreReadAndMissingMembersHaveNone() {
        try (RedisConnections redis = Connections.to(REDIS.url());
                Jedis client = new Jedis("127.0.0.1", REDIS.port())) {
            client.zadd("set", 2, "a");
            assertThat(redis.send(RedisCall.zmscore(
                            RedisPurpose.SESSIONS,
                            key("set"),
                            List.of(key("a"), key("b")),
                            BoundedReplyTest::presence)))
                    .containsExactly(true, false);
        }
    }

    private static List<Boolean> presence(ReplyReader reply) {
        List<byte @Nullable []> scores = reply.list().remainingBytes();
        return scores.stream().map(score -> score != null).toList();
    }
}
