package io.gatehouse.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.rules.Limit;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LocalRateLimiterTest {
    /** Begins where the clock of the machine overflows soon. */
    private final AtomicLong nanos =
            new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(3).toNanos());

    private final LocalRateLimiter localRateLimiter = new LocalRateLimiter(Limit.parse("6/min burst 2"), nanos::get);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void aBucketFillsAgainAndTheFirstRefusalIsToldApart() {
        assertThat(localRateLimiter.take("a").isRefused()).isFalse();
        assertThat(localRateLimiter.take("a").isRefused()).isFalse();
        assertThat(localRateLimiter.take("a")).isEqualTo(new LocalRateLimiter.Outcome(10, true));
        assertThat(localRateLimiter.take("a")).isEqualTo(new LocalRateLimiter.Outcome(10, false));
        assertThat(localRateLimiter.take("b").isRefused()).isFalse();
        pass(Duration.ofSeconds(4));
        assertThat(localRateLimiter.take("a")).isEqualTo(new LocalRateLimiter.Outcome(6, false));
        pass(Duration.ofSeconds(6));
        assertThat(localRateLimiter.take("a").isRefused()).isFalse();
        assertThat(localRateLimiter.take("a")).isEqualTo(new LocalRateLimiter.Outcome(10, true));
        pass(Duration.ofSeconds(100));
        assertThat(localRateLimiter.take("a").isRefused()).isFalse();
        assertThat(localRateLimiter.take("a").isRefused()).isFalse();
        assertThat(localRateLimiter.take("a").isRefused()).isTrue();
    }
}
