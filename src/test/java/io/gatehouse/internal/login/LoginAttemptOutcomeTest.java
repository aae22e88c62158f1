package io.gatehouse.internal.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.login.LoginAttempt;
import io.gatehouse.login.LoginDecision.Denied;
import io.gatehouse.login.LoginDecision.Reason;
import io.gatehouse.testing.Topology;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests of outcomes and of held places, with two nodes. */
class LoginAttemptOutcomeTest extends LoginNodes {
    LoginAttemptOutcomeTest(Topology topology) {
        super(topology);
    }

    @Test
    void successForgivesOnlyFailuresWithTheSameExactName() {
        one.guess("Alice", 1, null);
        one.guess("alice", 1, null);
        one.guess("alice", 1, null);
        one.logIn("alice", 1, null);
        assertThat(one.guard.inspect("alice").failures()).isEqualTo(1);
    }

    @Test
    void aBrowserIsKnownOnlyToTheSpellingItLoggedInWith() {
        String cookie = one.logIn("alice", 1, null);
        one.guessAll("alice", 2, null);
        assertThat(two.begin("\u00c1lice", 1, cookie)).isInstanceOf(Denied.class);
        assertThat(two.logIn("alice", 1, cookie)).isEqualTo(cookie);
    }

    @Test
    void onlyTenBrowsersADayBecomeKnownToAnAccount() {
        long known = IntStream.range(0, 30)
                .filter(i -> one.pass("alice", i, null).succeeded() != null)
                .count();
        assertThat(known).isEqualTo(LoginSettings.MOST_NEW_DEVICES).isEqualTo(10);
        assertThat(one.pass("bob", 1, null).succeeded()).isNotNull();
        pass(LoginSettings.DEVICE_WINDOW);
        assertThat(one.pass("alice", 1, null).succeeded()).isNotNull();
    }

    @Test
    void onlyTwentyAttemptsInTenMinutesCanBeAbandoned() {
        for (int i = 0; i < LoginSettings.MOST_ABANDONED; i++) {
            one.pass("alice", i, null).abandoned();
        }
        assertThat(one.guard.inspect("alice").failures()).isZero();
        for (int i = 0; i < 5; i++) {
            one.pass("alice", i, null).abandoned();
        }
        assertThat(two.refused("alice", 1, null).reason()).isEqualTo(Reason.LOCKED);
        pass(LoginSettings.ABANDON_WINDOW);
        one.pass("alice", 1, null).abandoned();
        assertThat(one.guard.inspect("alice").failures()).isEqualTo(5);
    }

    @Test
    void withdrawnAttemptsAreNotLimited() {
        IntStream.range(0, 50).forEach(i -> ((GuardedAttempt) one.pass("alice", 1, null)).withdrawn());
        assertThat(one.guard.inspect("alice").failures()).isZero();
    }

    @Test
    void placesOfAttemptsInProgressDoNotLock() {
        List<LoginAttempt> inProgress =
                IntStream.range(0, 5).mapToObj(i -> one.pass("alice", i, null)).toList();
        Denied busy = two.refused("alice", 9, null);
        assertThat(busy).isEqualTo(new Denied(Duration.ofSeconds(1), Reason.BUSY));
        inProgress.get(0).succeeded();
        assertThat(two.guess("alice", 9, null)).isTrue();
        inProgress.subList(1, 5).forEach(LoginAttempt::failed);
        assertThat(two.refused("alice", 9, null).reason()).isEqualTo(Reason.LOCKED);
    }

    @Test
    void aPlaceThatIsHeldTooLongCountsAsAFailure() {
        IntStream.range(0, 5).forEach(i -> one.pass("alice", i, null));
        pass(Duration.ofSeconds(20));
        assertThat(two.refused("alice", 9, null).reason()).isEqualTo(Reason.BUSY);
        pass(LoginSettings.LONGEST_HOLD.minusSeconds(20));
        assertThat(two.guess("alice", 9, null))
                .as("the wait of 30 s has passed")
                .isTrue();
        assertThat(two.refused("alice", 9, null).reason()).isEqualTo(Reason.LOCKED);
    }
}
