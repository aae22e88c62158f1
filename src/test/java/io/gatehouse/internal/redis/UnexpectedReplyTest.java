package io.gatehouse.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.RedisPurpose;
import io.gatehouse.RedisRejectedException;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.RedisUnavailableException.Reason;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.CountingProxy.Fault;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.ScriptedRedis;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.RedisClient;

/** Tests replies that a call cannot have: each is a typed failure or a retry, and never becomes the reply to another call. */
@Timeout(60)
class UnexpectedReplyTest {
    private static final RedisCall<String> LIST = new Script("list.lua", "return {}", "0".repeat(40), true)
            .on(RedisPurpose.SESSIONS)
            .keys("k")
            .reply(reply -> reply.texts().get(1));

    @ParameterizedTest
    @EnumSource(names = {"DOUBLED", "REPEATED_LATER", "FLIPPED", "HALVED"})
    void everyReplyAfterADamagedOneIsCorrect(Fault fault) {
        try (TestRedis redis = TestRedis.start();
                CountingProxy proxy = new CountingProxy(redis.port());
                RedisConnections connections = Connections.with(
                        Map.of("REDIS_SESSION_URL", proxy.url(), "GATEHOUSE_REDIS_DEADLINE", "300ms"));
                RedisClient client = redis.client()) {
            IntStream.range(0, 10).forEach(i -> client.set("key" + i, "value" + i));
            int answered = 0;
            for (int round = 0; round < 40; round++) {
                proxy.fault(fault);
                for (int i = 0; i < 10; i++) {
                    try {
                        boolean withMark = (round + i) % 2 == 0;
                        String value = connections.send(withMark ? Calls.getWithMark("key" + i) : Calls.get("key" + i));
                        if (i > 0 || fault != Fault.FLIPPED) { // a flipped bit inside a value cannot be detected here
                            assertThat(value).as("the reply to this call").isEqualTo("value" + i);
                        }
                        answered++;
                    } catch (RedisUnavailableException e) {
                        // the damaged reply, or all for a moment if the health check got it
                    }
                }
            }
            assertThat(answered).isGreaterThan(200);
            Eventually.holds(
                    "Redis is used again",
                    Duration.ofSeconds(5),
                    () -> connections.health(RedisPurpose.SESSIONS).breaker().equals("closed"));
            assertThat(connections.send(Calls.get("key1"))).isEqualTo("value1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":1\\r\\n",
                "$1\\r\\nx\\r\\n",
                "$-1\\r\\n",
                "*0\\r\\n",
                "*2\\r\\n:1\\r\\n:2\\r\\n",
                "+OK\\r\\n",
                "-ERR unknown\\r\\n"
            })
    void anUnexpectedReplyIsATypedFailure(String reply) {
        try (ScriptedRedis redis = new ScriptedRedis();
                RedisConnections connections = Connections.to(redis.url())) {
            redis.answer(reply.replace("\\r", "\r").replace("\\n", "\n"));
            assertThatThrownBy(() -> connections.send(LIST))
                    .isInstanceOfSatisfying(
                            RedisUnavailableException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.UNEXPECTED));
            assertThat(connections.health(RedisPurpose.SESSIONS).breaker()).isEqualTo("closed");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":1\\r\\n:1\\r\\n",
                "*-5\\r\\n",
                "*2147483647\\r\\n",
                "$2147483647\\r\\n",
                "$x\\r\\n",
                "HTTP/1.1 400 Bad Request\\r\\n\\r\\n"
            })
    void invalidBytesCloseTheConnectionAndTheCallIsRetriedOnANewOne(String reply) {
        try (ScriptedRedis redis = new ScriptedRedis();
                RedisConnections connections = Connections.with(
                        Map.of("REDIS_SESSION_URL", redis.url(), "GATEHOUSE_REDIS_DEADLINE", "300ms"))) {
            redis.answer(reply.replace("\\r", "\r").replace("\\n", "\n"));
            assertThatThrownBy(() -> connections.send(LIST)).isInstanceOf(RedisUnavailableException.class);
            assertThat(connections.health(RedisPurpose.SESSIONS).poolIdle()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "MOVED 1 127.0.0.1:PORT, BUSY",
        "ASK 1 127.0.0.1:PORT, BUSY",
        "TRYAGAIN Multiple keys request during rehashing of slot, BUSY",
        "CLUSTERDOWN Hash slot not served, BUSY",
        "ERR Script attempted to access a non local key in a cluster node, BUSY",
        "LOADING Redis is loading the dataset in memory, BUSY",
        "READONLY You can't write against a read only replica., READ_ONLY",
        "ERR something new, UNEXPECTED"
    })
    void anErrorOfTheServerIsNotAttributedToTheKey(String error, Reason reason) {
        try (ScriptedRedis redis = new ScriptedRedis();
                RedisConnections connections = Connections.to(redis.url())) {
            redis.answer("-" + error.replace("PORT", "" + redis.port()) + "\r\n");
            assertThatThrownBy(() -> connections.send(Calls.get("k")))
                    .isInstanceOfSatisfying(
                            RedisUnavailableException.class,
                            e -> assertThat(e.reason()).isEqualTo(reason));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "WRONGTYPE Operation against a key holding the wrong kind of value, true",
        "ERR Error running script (call to f_1): @user_script:1: WRONGTYPE Operation against a key, true",
        "CROSSSLOT Keys in request don't hash to the same slot, false",
        "ERR Error running script (call to f_1): @user_script:1: attempt to compare nil with number, false"
    })
    void onlyWrongTypeErrorsAreAttributedToTheStoredValue(String error, boolean wrongType) {
        try (ScriptedRedis redis = new ScriptedRedis();
                RedisConnections connections = Connections.to(redis.url())) {
            redis.answer("-" + error + "\r\n");
            assertThatThrownBy(() -> connections.send(Calls.get("k")))
                    .isInstanceOfSatisfying(
                            RedisRejectedException.class,
                            e -> assertThat(e.isWrongType()).isEqualTo(wrongType));
        }
    }

    @Test
    void followsRedirectionsBetweenTwoNodesUntilTheyAgree() throws InterruptedException {
        try (ScriptedRedis redis = new ScriptedRedis();
                RedisConnections connections =
                        Connections.with(Map.of("REDIS_SESSION_URL", redis.url(), "GATEHOUSE_REDIS_DEADLINE", "10s"))) {
            redis.answer("-MOVED 1 127.0.0.1:" + redis.port() + "\r\n");
            Thread agreement = new Thread(() -> {
                while (redis.takeScripts() < 1) {
                    Thread.onSpinWait();
                }
                for (int more = 0; more < 10; more += redis.takeScripts()) {
                    Thread.onSpinWait();
                }
                redis.answer("$1\r\nv\r\n");
            });
            agreement.start();
            @Nullable String value = connections.send(Calls.get("k"));
            agreement.join();
            assertThat(value).isEqualTo("v");
        }
    }

    @Test
    void anInterruptedThreadGetsItsReplyAndStaysInterrupted() {
        try (TestRedis redis = TestRedis.start();
                RedisConnections connections = Connections.to(redis.url())) {
            Thread.currentThread().interrupt();
            assertThat(connections.send(Calls.count("k")))
                    .as("over a new connection")
                    .isEqualTo(1);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
            assertThat(connections.send(Calls.count("k")))
                    .as("over an idle one")
                    .isEqualTo(2);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aFailureOfAnInterruptedThreadCountsLikeAnyOther() {
        try (TestRedis redis = TestRedis.start();
                CountingProxy proxy = new CountingProxy(redis.port());
                RedisConnections connections = Connections.with(
                        Map.of("REDIS_SESSION_URL", proxy.url(), "GATEHOUSE_REDIS_DEADLINE", "300ms"))) {
            connections.send(Calls.get("k"));
            proxy.fault(Fault.SILENT);
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> connections.send(Calls.get("k")))
                    .isInstanceOfSatisfying(
                            RedisUnavailableException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.TIMEOUT));
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
