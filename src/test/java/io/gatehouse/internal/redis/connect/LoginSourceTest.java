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
import io.gatehouse.testing.LogCapture;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    @Test
    void theSameTokenAgainIsNoNewLogin() {
        Instant expiresAt = now.plusSeconds(100);
        LoginSource source = source(() -> new RedisCredentials("u", "cached", expiresAt), SAME_THREAD);
        RedisLogin first = source.current();
        source.accepted(first);
        now = now.plusSeconds(80);
        source.refresh();
        assertThat(source.current()).isSameAs(first);
        assertThat(source.mustReplace(first)).isFalse();
    }

    @Test
    void theSameTokenWithALaterEndIsANewLogin() {
        LoginSource source = source(() -> new RedisCredentials("u", "renewed", now.plusSeconds(100)), SAME_THREAD);
        RedisLogin first = source.current();
        now = now.plusSeconds(80);
        source.refresh();
        assertThat(source.mustReplace(first)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "never",
            value = {"never", "3600"})
    void aProviderIsAskedAgainWhenTheServerRefusesItsToken(@Nullable Long lifetime) {
        AtomicInteger given = new AtomicInteger();
        LoginSource source = source(
                () -> new RedisCredentials(
                        "u", "token" + given.incrementAndGet(), lifetime == null ? null : now.plusSeconds(lifetime)),
                SAME_THREAD);
        source.accepted(source.current());
        now = now.plusSeconds(10);
        source.refresh();
        assertThat(given).hasValue(1);
        String connected = source.connect(login -> {
            if (login.password().reveal().equals("token1")) {
                throw new JedisAccessControlException("WRONGPASS");
            }
            return login.password().reveal();
        });
        assertThat(connected).isEqualTo("token2");
    }

    @Test
    void aProviderWhoseTokensAreRefusedIsAskedEveryFiveSeconds() {
        AtomicInteger given = new AtomicInteger();
        LoginSource source = source(
                () -> new RedisCredentials("u", "token" + given.incrementAndGet(), now.plusSeconds(3600)), SAME_THREAD);
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> source.connect(login -> {
                        throw new JedisAccessControlException("WRONGPASS");
                    }))
                    .isInstanceOf(JedisAccessControlException.class);
            now = now.plusSeconds(1);
        }
        assertThat(given).hasValue(2);
    }

    @Test
    void aProviderThatDoesNotAnswerIsReportedOnce() {
        AtomicInteger asked = new AtomicInteger();
        try (LogCapture log = new LogCapture("io.gatehouse.internal.redis.connect")) {
            LoginSource source = source(() -> new RedisCredentials("u", "t", null), task -> asked.incrementAndGet());
            source.refresh();
            now = now.plusSeconds(30);
            source.refresh();
            assertThat(log.lines()).isEmpty();
            now = now.plusSeconds(1);
            source.refresh();
            source.refresh();
            assertThat(log.lines()).hasSize(1).allMatch(line -> line.contains("has not answered for 30 seconds"));
            assertThat(asked).hasValue(1);
        }
    }
}
