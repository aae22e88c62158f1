package io.gatehouse.internal.session.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The times and generations that decide whether a lease is valid. */
class HeldLeasesTest {
    private static final long SECOND = 1_000_000_000;

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong millis = new AtomicLong();
    private final HeldLeases leases = new HeldLeases("node", nanos::get, () -> Instant.ofEpochMilli(millis.get()));

    private Lease lease() {
        return leases.granted(leases.request("session", "user"), 0, 1_000);
    }

    private void pass(long time) {
        nanos.addAndGet(time);
        millis.addAndGet(time / 1_000_000);
    }

    @Test
    void aLeaseIsValidForTwoSecondsFromItsRequest() {
        LeaseRequest request = leases.request("session", "user");
        pass(SECOND); // the reply took a second
        Lease lease = leases.granted(request, 0, 1_000);
        assertThat(leases.isValid(lease)).isTrue();
        pass(SECOND - 1);
        assertThat(leases.isValid(lease)).isTrue();
        pass(1);
        assertThat(leases.isValid(lease)).isFalse();
    }

    @Test
    void aSessionWithAShortIdleTimeoutIsLeasedForAnEighthOfIt() {
        Lease lease = leases.granted(leases.request("session", null), 8, 1_000);
        pass(SECOND - 1);
        assertThat(leases.isValid(lease)).isTrue();
        pass(1);
        assertThat(leases.isValid(lease)).isFalse();
    }

    @Test
    void bothClocksMustAgree() {
        Lease suspended = lease();
        millis.addAndGet(2_000); // the monotonic clock stood still
        assertThat(leases.isValid(suspended)).isFalse();
        Lease setBack = lease();
        millis.addAndGet(-1);
        assertThat(leases.isValid(setBack)).isFalse();
    }

    @Test
    void lettingGoOfASessionOrItsUserEndsTheLeaseAndThoseRequestedBefore() {
        Lease ofSession = lease();
        leases.letGo("session");
        assertThat(leases.isValid(ofSession)).isFalse();
        Lease ofUser = lease();
        leases.letGo("user");
        assertThat(leases.isValid(ofUser)).isFalse();
        LeaseRequest early = leases.request("session", "user");
        leases.letGo("session"); // the message overtakes the reply
        assertThat(leases.isValid(leases.granted(early, 0, 1_000))).isFalse();
        Lease before = lease();
        leases.letGoOfAll();
        assertThat(leases.isValid(before)).isFalse();
        assertThat(leases.isValid(lease())).isTrue();
    }

    @Test
    void oneRequestRenewsInTheLastQuarter() {
        Lease lease = lease();
        pass(SECOND);
        assertThat(leases.shouldRenew(lease)).isFalse();
        pass(SECOND * 6 / 10);
        assertThat(leases.shouldRenew(lease)).isTrue();
        assertThat(leases.shouldRenew(lease)).isFalse();
        assertThat(leases.isValid(lease)).as("for the others").isTrue();
    }

    /** A writer that has waited for a lease takes those with lower numbers for ended, so none of them may begin later. */
    @Test
    void theTimeOfARequestIsReadBeforeItsNumberIsDrawn() {
        AtomicReference<@Nullable HeldLeases> under = new AtomicReference<>();
        AtomicReference<@Nullable LeaseRequest> concurrent = new AtomicReference<>();
        HeldLeases overlapping = new HeldLeases(
                "node",
                () -> {
                    HeldLeases known = under.getAndSet(null);
                    if (known != null) {
                        concurrent.set(known.request("other", null));
                    }
                    return 0;
                },
                InstantSource.system());
        under.set(overlapping);
        LeaseRequest request = overlapping.request("session", null);
        assertThat(concurrent.get())
                .isNotNull()
                .extracting(LeaseRequest::number)
                .isEqualTo(1L);
        assertThat(request.number()).isEqualTo(2);
    }
}
