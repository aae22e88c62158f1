package io.gatehouse.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.rules.Limit;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Tests the rate limiter of one node. */
class LocalRateLimiterTest {
    /** Starts shortly before {@link System#nanoTime()} overflows. */
    private final AtomicLong nanos =
            new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(3).toNanos());

    private final LocalRateLimiter limiter = new LocalRateLimiter(Limit.parse("6/min burst 2"), nanos::get);

    private void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void refillsTheBucketAndMarksTheFirstRefusal() {
        assertThat(limiter.take("a").isRefused()).isFalse();
        assertThat(limiter.take("a").isRefused()).isFalse();
        assertThat(limiter.take("a")).isEqualTo(new LocalRateLimiter.Outcome(10, true));
        assertThat(limiter.take("a")).isEqualTo(new LocalRateLimiter.Outcome(10, false));
        assertThat(limiter.take("b").isRefused()).isFalse();
        advance(Duration.ofSeconds(4));
        assertThat(limiter.take("a")).isEqualTo(new LocalRateLimiter.Outcome(6, false));
        advance(Duration.ofSeconds(6));
        assertThat(limiter.take("a").isRefused()).isFalse();
        assertThat(limiter.take("a")).isEqualTo(new LocalRateLimiter.Outcome(10, true));
        advance(Duration.ofSeconds(100));
        assertThat(limiter.take("a").isRefused()).isFalse();
        assertThat(limiter.take("a").isRefused()).isFalse();
        assertThat(limiter.take("a").isRefused()).isTrue();
    }
}
