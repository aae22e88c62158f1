package io.gatehouse.internal.redis.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.RedisCredentials;
import io.gatehouse.RedisCredentialsProvider;
import io.gatehouse.internal.config.Secret;
import io.gatehouse.internal.redis.HostPort;
import io.gatehouse.internal.redis.RedisEndpoint;
import io.gatehouse.internal.redis.RedisLogin;
import io.gatehouse.internal.redis.TopologySettings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisException;

/** Tests which login is used when, with a clock that the test moves. */
class LoginSourceTest {
    private static final Executor SAME_THREAD = Runnable::run;

    private Instant now = Instant.parse("2026-11-26T12:00:00Z");
    private String password = "one";

    private LoginSource source(@Nullable RedisCredentialsProvider provider, Executor executor) {
        RedisEndpoint redisEndpoint = new RedisEndpoint(
                new TopologySettings.Standalone(new HostPort("h", 1)),
                false,
                () -> new RedisLogin("u", new Secret(password), null),
                provider,
                0);
        return new LoginSource("sessions", redisEndpoint, () -> now, executor, Duration.ofMillis(50));
    }

    private static String passwordOf(LoginSource source) {
        return source.current().password().reveal();
    }

    @Test
    void aChangedPasswordReplacesThePreviousOne() {
        LoginSource source = source(null, SAME_THREAD);
        RedisLogin first = source.current();
        source.refresh();
        assertThat(source.current()).isSameAs(first);
        password = "two";
        source.refresh();
        assertThat(passwordOf(source)).isEqualTo("two");
        password = "";
        source.refresh();
        assertThat(passwordOf(source)).isEqualTo("two");
    }

    @Test
    void aRefusedPasswordIsTriedAgainLater() {
        LoginSource source = source(null, SAME_THREAD);
        source.accepted(source.current());
        password = "two";
        source.refresh();
        source.refused(source.current());
        assertThat(passwordOf(source)).isEqualTo("one");
        now = now.plusSeconds(4);
        assertThat(passwordOf(source)).isEqualTo("one");
        now = now.plusSeconds(1);
        assertThat(passwordOf(source)).isEqualTo("two");
        source.accepted(source.current());
        assertThat(passwordOf(source)).isEqualTo("two");
    }

    @Test
    void theNewestIsTriedWhenThePreviousOneIsRefusedToo() {
        LoginSource source = source(null, SAME_THREAD);
        RedisLogin first = source.current();
        source.accepted(first);
        password = "two";
        source.refresh();
        source.refused(source.current());
        source.refused(first);
        assertThat(passwordOf(source)).isEqualTo("two");
    }

    @Test
    void aNewConnectionTriesThePreviousPasswordToo() {
        LoginSource source = source(null, SAME_THREAD);
        source.accepted(source.current());
        password = "two";
        source.refresh();
        Deque<String> tried = new ArrayDeque<>();
        String connection = source.connect(login -> {
            tried.add(login.password().reveal());
            if (tried.size() == 1) {
                throw new JedisAccessControlException("WRONGPASS");
            }
            return "connected";
        });
        assertThat(connection).isEqualTo("connected");
        assertThat(tried).containsExactly("two", "one");
    }

    @Test
    void aTokenIsReplacedAfterFourFifthsOfItsLifetime() {
        AtomicInteger given = new AtomicInteger();
        LoginSource source = source(
                () -> new RedisCredentials("u", "token" + given.incrementAndGet(), now.plusSeconds(100)), SAME_THREAD);
        RedisLogin first = source.current();
        assertThat(first.password().reveal()).isEqualTo("token1");
        now = now.plusSeconds(79);
        source.refresh();
        assertThat(source.mustReplace(first)).isFalse();
        now = now.plusSeconds(1);
        source.refresh();
        assertThat(passwordOf(source)).isEqualTo("token2");
        assertThat(source.mustReplace(first)).isTrue();
        assertThat(source.isUsable(first)).isTrue();
        now = now.plusSeconds(20);
        assertThat(source.isUsable(first)).isFalse();
        assertThat(source.isUsable(source.current())).isTrue();
        now = now.plusSeconds(200);
        assertThat(source.isUsable(source.current()))
                .as("without a newer token")
                .isTrue();
    }

    @Test
    void aFailedProviderIsAskedAgainAndTheTokenStaysInUse() {
        AtomicInteger asked = new AtomicInteger();
        LoginSource source = source(
                () -> {
                    if (asked.incrementAndGet() == 2) {
                        throw new IOException("identity service unavailable");
                    }
                    return new RedisCredentials("u", "token" + asked.get(), now.plusSeconds(100));
                },
                SAME_THREAD);
        assertThat(passwordOf(source)).isEqualTo("token1");
        now = now.plusSeconds(80);
        source.refresh();
        source.refresh();
        assertThat(asked).hasValue(2);
        assertThat(passwordOf(source)).isEqualTo("token1");
        now = now.plusSeconds(5);
        source.refresh();
        assertThat(passwordOf(source)).isEqualTo("token3");
    }

    @Test
    void aHangingProviderDelaysNothingButTheFirstConnection() {
        AtomicInteger asked = new AtomicInteger();
        LoginSource source = source(() -> new RedisCredentials("u", "t", null), task -> asked.incrementAndGet());
        assertThatThrownBy(source::current).isInstanceOf(JedisException.class).hasMessageContaining("no credentials");
        source.refresh();
        source.refresh();
        assertThat(asked).hasValue(1);
    }
}
