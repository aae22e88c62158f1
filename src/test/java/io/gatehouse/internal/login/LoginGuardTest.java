package io.gatehouse.internal.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.login.AccountStatus;
import io.gatehouse.login.LoginAttempt;
import io.gatehouse.login.LoginDecision;
import io.gatehouse.login.LoginDecision.Allowed;
import io.gatehouse.login.LoginDecision.Denied;
import io.gatehouse.login.LoginDecision.Reason;
import io.gatehouse.testing.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests of login protection with two nodes. */
class LoginGuardTest extends LoginNodes {
    LoginGuardTest(Topology topology) {
        super(topology);
    }

    @Test
    void fiveFailuresAreFreeAndTheNextAttemptWaits() {
        assertThat(one.guessAll("alice", 1, null)).isEqualTo(5);
        Denied refused = two.refused("alice", 2, null);
        assertThat(refused.reason()).isEqualTo(Reason.LOCKED);
        assertThat(refused.retryAfter()).isBetween(Duration.ofSeconds(25), Duration.ofSeconds(30));
        assertThat(two.guess("bob", 1, null)).isTrue();
    }

    @Test
    void eachFurtherFailureDoublesTheWaitUpToAnHour() {
        one.guessAll("alice", 1, null);
        for (long wait : List.of(30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600)) {
            pass(Duration.ofSeconds(wait - 5));
            assertThat(one.guess("alice", 1, null)).isFalse();
            pass(Duration.ofSeconds(5));
            assertThat(one.guess("alice", 1, null)).isTrue();
        }
    }

    @Test
    void ofSixtyFourConcurrentAttemptsOnTwoNodesExactlyTheFreeOnesAreAdmitted() throws Exception {
        for (int round = 0; round < 5; round++) {
            String account = "alice" + round;
            assertThat(together(64, i -> (i % 2 == 0 ? one : two).begin(account, i, null)))
                    .filteredOn(Allowed.class::isInstance)
                    .hasSize(5);
        }
    }

    private static List<LoginDecision> together(int threads, java.util.function.IntFunction<LoginDecision> work)
            throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CountDownLatch start = new CountDownLatch(threads);
            List<Future<LoginDecision>> all = IntStream.range(0, threads)
                    .mapToObj(i -> pool.submit(() -> {
                        start.countDown();
                        start.await();
                        return work.apply(i);
                    }))
                    .toList();
            List<LoginDecision> entries = new ArrayList<>();
            for (Future<LoginDecision> entry : all) {
                entries.add(entry.get());
            }
            return entries;
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void anAttemptWithoutAnOutcomeStaysAFailure() {
        IntStream.range(0, 5).forEach(i -> one.pass("alice", 1, null));
        assertThat(two.begin("alice", 2, null)).isInstanceOf(Denied.class);
        assertThat(two.guard.inspect("alice").failures()).isEqualTo(5);
    }

    @Test
    void theFirstOutcomeOfALoginAttemptCounts() {
        LoginAttempt attempt = one.pass("alice", 1, null);
        attempt.failed();
        attempt.failed();
        attempt.abandoned();
        assertThat(attempt.succeeded()).isNull();
        assertThat(one.guard.inspect("alice").failures()).isEqualTo(1);
        LoginAttempt abandoned = one.pass("alice", 1, null);
        abandoned.abandoned();
        abandoned.failed();
        assertThat(one.guard.inspect("alice").failures()).isEqualTo(1);
        LoginAttempt right = one.pass("alice", 1, null);
        assertThat(right.succeeded()).isNotNull().isEqualTo(right.succeeded());
        right.failed();
        assertThat(one.guard.inspect("alice").failures()).isZero();
    }

    @Test
    void anAbandonedAttemptLeavesTheLockAsItWas() {
        one.guessAll("alice", 1, null);
        pass(Duration.ofSeconds(40));
        one.pass("alice", 1, null).abandoned();
        assertThat(one.guess("alice", 1, null)).isTrue();
    }

    @Test
    void successForgivesTheAccountsFailuresFromThisAddressOnly() {
        IntStream.range(0, 2).forEach(i -> one.guess("alice", 1, null));
        IntStream.range(0, 2).forEach(i -> one.guess("alice", 2, null));
        one.guess("bob", 1, null);
        one.logIn("alice", 1, null);
        assertThat(one.guard.inspect("alice").failures()).isEqualTo(2);
        assertThat(one.guard.inspect("bob").failures()).isEqualTo(1);
    }

    @Test
    void withoutAnAddressSuccessForgivesOnlyItself() {
        IntStream.range(0, 3).forEach(i -> {
            if (one.guard.begin("alice", null, null) instanceof Allowed allowed) {
                allowed.attempt().failed();
            }
        });
        if (one.guard.begin("alice", null, null) instanceof Allowed allowed) {
            assertThat(allowed.attempt().succeeded()).isNotNull();
        }
        assertThat(one.guard.inspect("alice").failures()).isEqualTo(3);
    }

    @Test
    void anAttemptInProgressIsNotForgivenByASuccessFromItsAddress() {
        LoginAttempt wrong = one.pass("alice", 1, null);
        two.logIn("alice", 1, null);
        assertThat(one.guard.inspect("alice").failures()).as("its place").isEqualTo(1);
        wrong.failed();
        assertThat(one.guard.inspect("alice").failures()).isEqualTo(1);
    }

    @Test
    void aKnownBrowserIsNotLockedOutByOthers() {
        String cookie = one.logIn("alice", 1, null);
        two.guessAll("alice", 2, null);
        assertThat(two.begin("alice", 1, null)).isInstanceOf(Denied.class);
        assertThat(two.logIn("alice", 1, cookie)).isEqualTo(cookie);
    }

    @Test
    void theFailuresOfAKnownBrowserLockOnlyItself() {
        String cookie = one.logIn("alice", 1, null);
        String other = one.logIn("alice", 1, null);
        assertThat(one.guessAll("alice", 1, cookie)).isEqualTo(5);
        assertThat(two.refused("alice", 3, cookie).reason()).isEqualTo(Reason.LOCKED);
        assertThat(two.guard.inspect("alice")).isEqualTo(new AccountStatus(0, Duration.ZERO, 0, false));
        assertThat(two.guess("alice", 1, other)).isTrue();
        assertThat(two.guess("alice", 1, null)).isTrue();
        pass(Duration.ofSeconds(30));
        assertThat(two.guess("alice", 1, cookie)).isTrue();
        assertThat(two.guess("alice", 1, cookie)).isFalse();
    }

    @Test
    void aKnownBrowserThatLogsInForgivesItsAddressInBothHistories() {
        String cookie = one.logIn("alice", 1, null);
        one.guess("alice", 1, null);
        one.guess("alice", 2, null);
        IntStream.range(0, 3).forEach(i -> one.guess("alice", 1, cookie));
        one.guess("alice", 2, cookie);
        one.logIn("alice", 1, cookie);
        assertThat(one.guard.inspect("alice").failures()).isEqualTo(1);
        assertThat(one.guessAll("alice", 1, cookie)).isEqualTo(4);
    }

    @Test
    void resetFreesTheAccountAndItsKnownBrowsers() {
        String cookie = one.logIn("alice", 1, null);
        one.guessAll("alice", 1, cookie);
        one.guessAll("alice", 2, null);
        assertThat(two.guard.reset("ALICE")).isEqualTo(5);
        assertThat(two.guard.inspect("alice")).isEqualTo(new AccountStatus(0, Duration.ZERO, 0, false));
        assertThat(one.guessAll("alice", 1, cookie)).isEqualTo(5);
        assertThat(one.guessAll("alice", 2, null)).isEqualTo(5);
        assertThat(one.refused("alice", 1, cookie).reason()).isEqualTo(Reason.LOCKED);
    }

    /** Leaves a reset behind, so that the check after each test sees that its key has a time to live. */
    @Test
    void aResetExpiresWithTheFailuresThatItRemoved() {
        one.guess("alice", 1, null);
        assertThat(one.guard.reset("alice")).isEqualTo(1);
        assertThat(one.guard.reset("alice")).isZero();
        assertThat(servers.stream().flatMap(node -> node.keys().stream()).filter(key -> key.endsWith(":l")))
                .hasSize(1);
    }

    @Test
    void inspectingAnAccountGivesItsFailuresAndLock() {
        IntStream.range(0, 5).forEach(i -> one.guess("alice", i, null));
        AccountStatus standing = two.guard.inspect("alice");
        assertThat(standing.failures()).isEqualTo(5);
        assertThat(standing.networks()).isEqualTo(5);
        assertThat(standing.underAttack()).isFalse();
        assertThat(standing.lockedFor()).isBetween(Duration.ofSeconds(25), Duration.ofSeconds(30));
    }

    @Test
    void anAddressFromWhichManyAccountsFailIsRefusedUntilItsWindowEnds() {
        String cookie = one.logIn("owner", 1, null);
        IntStream.range(0, 21)
                .forEach(i -> assertThat(one.guess("user" + i, 1, null)).isTrue());
        for (LoginNode node : List.of(one, two)) {
            Denied refused = node.refused("fresh", 1, null);
            assertThat(refused.reason()).isEqualTo(Reason.SPRAYING);
            assertThat(refused.retryAfter()).isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10));
        }
        assertThat(two.guard.inspect("fresh").failures()).isZero();
        assertThat(two.guess("fresh", 2, null)).isTrue();
        assertThat(two.logIn("owner", 1, cookie)).isEqualTo(cookie);
    }

    @Test
    void aClockThatStepsBackLocksNobodyForLongerThanTheWait() {
        one.guessAll("alice", 1, null);
        pass(Duration.ofHours(-2));
        assertThat(one.refused("alice", 1, null).retryAfter()).isLessThanOrEqualTo(Duration.ofSeconds(30));
        pass(Duration.ofSeconds(30));
        assertThat(one.guess("alice", 1, null)).isTrue();
    }
}
