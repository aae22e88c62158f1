package io.gatehouse.internal.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.InvalidConfigurationException;
import io.gatehouse.RedisPurpose;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.login.LoginAttempt;
import io.gatehouse.login.LoginDecision;
import io.gatehouse.login.LoginDecision.Allowed;
import io.gatehouse.login.LoginDecision.Reason;
import io.gatehouse.login.LoginListener;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.CountingProxy.Fault;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests of round trips, lost replies, and attempts while Redis is unavailable. */
class LoginWithoutRedisTest {
    private final AtomicReference<Instant> clock = new AtomicReference<>(Instant.ofEpochSecond(1_700_000_000));
    private TestRedis redis;
    private CountingProxy proxy;
    private RedisConnections connections;

    @BeforeEach
    void start() {
        redis = TestRedis.start();
        proxy = new CountingProxy(redis.port());
        connections =
                Connections.with(Map.of("REDIS_RATE_LIMIT_URL", proxy.url()), EnumSet.of(RedisPurpose.RATE_LIMIT));
    }

    @AfterEach
    void stop() {
        connections.close();
        proxy.close();
        redis.close();
    }

    private LoginNode node(String onRedisFailure) {
        return new LoginNode(
                connections,
                Map.of("GATEHOUSE_LOGIN_ON_REDIS_FAILURE", onRedisFailure),
                clock::get,
                LoginListener.NONE);
    }

    private void pass(Duration time) {
        clock.updateAndGet(now -> now.plus(time));
    }

    @Test
    void startingAndCompletingAnAttemptTakeOneRoundTripEach() {
        LoginNode node = node("local");
        node.guess("warm", 9, null);
        node.logIn("warm", 9, null);
        node.guard.reset("warm");
        proxy.takeRoundTrips();
        LoginAttempt wrong = node.pass("alice", 1, null);
        assertThat(proxy.takeRoundTrips()).isEqualTo(1);
        wrong.failed();
        assertThat(proxy.takeRoundTrips()).isEqualTo(1);
        LoginAttempt right = node.pass("alice", 1, null);
        String cookie = right.succeeded();
        assertThat(proxy.takeRoundTrips()).isEqualTo(2);
        node.pass("alice", 1, cookie).abandoned();
        assertThat(proxy.takeRoundTrips()).isEqualTo(2);
        node.guard.reset("alice");
        node.guard.inspect("alice");
        assertThat(proxy.takeRoundTrips()).isEqualTo(2);
    }

    @Test
    void aRefusedAddressCostsNoRoundTrip() {
        LoginNode node = node("local");
        IntStream.range(0, 21).forEach(i -> node.guess("user" + i, 1, null));
        proxy.takeRoundTrips();
        assertThat(node.refused("fresh", 1, null).reason()).isEqualTo(Reason.SPRAYING);
        assertThat(proxy.takeRoundTrips()).isZero();
    }

    @Test
    void anAttemptSharesThePipelineOfOtherCalls() {
        LoginNode node = node("local");
        node.guess("warm", 9, null);
        proxy.takeRoundTrips();
        Pipeline pipeline = new Pipeline();
        Supplier<LoginDecision> alice = node.guard.begin("alice", LoginNode.address(1), null, pipeline);
        Supplier<LoginDecision> bob = node.guard.begin("bob", LoginNode.address(1), null, pipeline);
        connections.send(pipeline);
        assertThat(alice.get()).isInstanceOf(Allowed.class);
        assertThat(bob.get()).isInstanceOf(Allowed.class);
        assertThat(proxy.takeRoundTrips()).isEqualTo(1);
    }

    @Test
    void anAttemptWhoseReplyIsLostIsCountedOnce() {
        LoginNode node = node("open");
        node.guess("alice", 1, null);
        proxy.takeRoundTrips();
        proxy.fault(Fault.CUTTING);
        node.begin("alice", 1, null);
        assertThat(proxy.takeRoundTrips()).isGreaterThan(1); // it was sent again
        try (RedisConnections direct =
                Connections.with(Map.of("REDIS_RATE_LIMIT_URL", redis.url()), EnumSet.of(RedisPurpose.RATE_LIMIT))) {
            assertThat(new LoginNode(direct).guard.inspect("alice").failures()).isEqualTo(2);
        }
    }

    @Test
    void openAllowsEveryAttemptWhileRedisIsUnavailable() {
        LoginNode node = node("open");
        redis.process().stop();
        IntStream.range(0, 50)
                .forEach(i -> assertThat(node.guess("alice", 1, null)).isTrue());
        assertThat(node.logIn("alice", 1, null)).isNotEmpty();
        assertThat(node.guard.count(LoginEvent.WITHOUT_REDIS)).isEqualTo(51);
    }

    @Test
    void closedRefusesEveryAttemptWhileRedisIsUnavailable() {
        LoginNode node = node("closed");
        redis.process().stop();
        assertThat(node.refused("alice", 1, null).reason()).isEqualTo(Reason.UNAVAILABLE);
        assertThat(node.guard.count(LoginEvent.UNAVAILABLE)).isEqualTo(1);
        assertThatThrownBy(() -> node.guard.inspect("alice")).isInstanceOf(RedisUnavailableException.class);
        assertThatThrownBy(() -> node.guard.reset("alice")).isInstanceOf(RedisUnavailableException.class);
    }

    @Test
    void localCountsOnThisNodeWhileRedisIsUnavailable() {
        LoginNode node = node("local");
        String cookie = node.logIn("alice", 1, null);
        redis.process().stop();
        assertThat(node.guessAll("alice", 1, null)).isEqualTo(5);
        assertThat(node.refused("alice", 2, null).retryAfter()).isEqualTo(Duration.ofSeconds(30));
        assertThat(node.logIn("alice", 3, cookie)).isEqualTo(cookie);
        pass(Duration.ofSeconds(30));
        node.logIn("alice", 1, null); // which forgives what came from there
        assertThat(node.guessAll("alice", 1, null)).isEqualTo(5);
        IntStream.range(0, 19)
                .forEach(i -> assertThat(node.guess("user" + i, 1, null)).isTrue());
        assertThat(node.guess("one more", 1, null)).isTrue();
        assertThat(node.refused("fresh", 1, null).reason()).isEqualTo(Reason.SPRAYING);
        assertThat(node.guess("fresh", 2, null)).isTrue();
        pass(Duration.ofMinutes(10));
        assertThat(node.guess("fresh", 1, null)).isTrue();
    }

    @Test
    void anAddressThatRedisRefusedStaysRefusedWhileRedisIsUnavailable() {
        LoginNode node = node("local");
        LoginAttempt slow = node.pass("slow", 1, null);
        IntStream.range(0, 21).forEach(i -> node.guess("user" + i, 1, null));
        redis.process().stop();
        slow.failed();
        assertThat(node.refused("fresh", 1, null).reason()).isEqualTo(Reason.SPRAYING);
        assertThat(node.guess("fresh", 2, null)).isTrue();
    }

    @Test
    void attemptsAllowedWithoutRedisCompleteAfterTheirAddressWasRefused() {
        LocalFailureStore local = new LocalFailureStore(
                new LockoutPolicy(5, Duration.ofSeconds(30), Duration.ofHours(1)), 20, clock::get);
        AttemptContext attempt = new AttemptContext("1", "acc", "exact", "a", "n", null);
        local.refuse("a", 1000);
        assertThat(local.recordFailure(attempt)).isFalse();
        assertThat(local.refusedMillis("a")).isEqualTo(1000);
    }

    @Test
    void anOutcomeThatCannotBeRecordedStaysAFailureAndDoesNotThrow() {
        LoginNode node = node("closed");
        LoginAttempt attempt = node.pass("alice", 1, null);
        redis.process().stop();
        assertThat(attempt.succeeded()).isNotNull();
        assertThat(node.guard.count(LoginEvent.UNSETTLED)).isEqualTo(1);
    }

    @Test
    void theLocalFailureStoreIsBounded() {
        LocalFailureStore local = new LocalFailureStore(
                new LockoutPolicy(1, Duration.ofSeconds(30), Duration.ofHours(1)), 20, clock::get);
        AttemptContext first = new AttemptContext("1", "first", "exact", "a", "n", null);
        assertThat(local.begin(first)).isZero();
        assertThat(local.begin(first)).isEqualTo(FailureHistory.BUSY);
        local.complete(first, LoginOutcome.FAILED);
        assertThat(local.begin(first)).isEqualTo(30_000);
        IntStream.range(0, LocalFailureStore.MOST_KEPT)
                .forEach(i -> assertThat(local.begin(new AttemptContext("1", "acc" + i, "exact", "a", "n", null)))
                        .isZero());
        assertThat(local.begin(first)).isZero();
    }

    @Test
    void accountsAndCookiesAreNeverLogged() {
        try (LogCapture log = new LogCapture("io.gatehouse")) {
            LoginNode node = node("local");
            String cookie = node.logIn("alice", 1, null);
            IntStream.range(0, 30).forEach(i -> node.guess("alice", i, null));
            IntStream.range(0, 30).forEach(i -> node.guess("alice" + i, 1, null));
            redis.process().stop();
            node.guess("alice", 1, cookie);
            assertThat(log.lines()).isNotEmpty().noneMatch(line -> line.contains("alice") || line.contains(cookie));
        }
    }

    @Test
    void badLoginSettingsAreReportedTogether() {
        assertThatThrownBy(() -> LoginNode.settings(Map.of(
                        "GATEHOUSE_LOGIN_FREE_FAILURES", "0",
                        "GATEHOUSE_LOGIN_FIRST_WAIT", "10ms",
                        "GATEHOUSE_LOGIN_LONGEST_WAIT", "25h")))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("GATEHOUSE_LOGIN_FREE_FAILURES")
                .hasMessageContaining("GATEHOUSE_LOGIN_FIRST_WAIT")
                .hasMessageContaining("GATEHOUSE_LOGIN_LONGEST_WAIT");
    }
}
