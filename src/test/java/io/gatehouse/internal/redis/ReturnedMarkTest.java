package io.gatehouse.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.RedisPurpose;
import io.gatehouse.RedisRejectedException;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.MonitoredCommands;
import io.gatehouse.testing.ScriptedRedis;
import io.gatehouse.testing.TestRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.RedisClient;

/** Exchanges that end with a script which returns their mark. {@link UnexpectedReplyTest} damages the replies of such exchanges. */
@Timeout(60)
class ReturnedMarkTest {

    @Test
    void anExchangeThatEndsWithSuchAScriptIsOneCommand() {
        try (TestRedis redis = TestRedis.start();
                RedisConnections connections = Connections.to(redis.url());
                RedisClient client = redis.client()) {
            client.set("k", "v");
            assertThat(connections.send(Calls.getWithMark("k"))).isEqualTo("v"); // stores the script
            connections.send(Calls.count("n"));
            try (MonitoredCommands commands = MonitoredCommands.of(redis)) {
                assertThat(connections.send(Calls.getWithMark("k"))).isEqualTo("v");
                assertThat(connections.send(Calls.getWithMark("unknown"))).isNull();
                assertThat(commands.take()).containsExactly("EVALSHA", "EVALSHA");
            }
        }
    }

    @Test
    void anExchangeThatOnlyContainsSuchAScriptEndsWithAPing() {
        try (TestRedis redis = TestRedis.start();
                RedisConnections connections = Connections.to(redis.url());
                RedisClient client = redis.client()) {
            client.set("k", "v");
            assertThat(connections.send(Calls.getWithMark("k"))).isEqualTo("v");
            connections.send(Calls.count("n"));
            try (MonitoredCommands commands = MonitoredCommands.of(redis)) {
                Pipeline pipeline = new Pipeline();
                Response<?> first = pipeline.add(Calls.getWithMark("k"));
                Response<Long> second = pipeline.add(Calls.count("n"));
                connections.send(pipeline);
                assertThat(first.get()).isEqualTo("v");
                assertThat(second.get()).isEqualTo(2);
                assertThat(commands.take()).containsExactly("EVALSHA", "EVALSHA", "PING");
            }
        }
    }

    @Test
    void anErrorOfTheScriptKeepsTheConnection() {
        try (ScriptedRedis redis = new ScriptedRedis();
                RedisConnections connections = Connections.to(redis.url())) {
            redis.answer("-WRONGTYPE Operation against a key holding the wrong kind of value\r\n");
            assertThatThrownBy(() -> connections.send(Calls.getWithMark("k")))
                    .isInstanceOf(RedisRejectedException.class);
            redis.takeConnections();
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> connections.send(Calls.getWithMark("k")))
                        .isInstanceOf(RedisRejectedException.class);
            }
            assertThat(redis.takeConnections()).isZero();
            assertThat(connections.health(RedisPurpose.SESSIONS).poolIdle()).isEqualTo(1);
        }
    }

    /** The last one is the mark of another exchange. */
    @ParameterizedTest
    @ValueSource(strings = {":1", "*0", "*1|$1|v", "*2|$1|v|$1|w", "*2|$1|v|$-1", "*2|$1|v|$2|g0"})
    void aReplyWithoutTheMarkIsNotUsed(String reply) {
        try (ScriptedRedis redis = new ScriptedRedis();
                RedisConnections connections = Connections.to(redis.url())) {
            redis.answer(reply.replace("|", "\r\n") + "\r\n");
            assertThatThrownBy(() -> connections.send(Calls.getWithMark("k")))
                    .isInstanceOf(RedisUnavailableException.class);
            assertThat(connections.health(RedisPurpose.SESSIONS).poolIdle()).isZero();
        }
    }
}
