package io.gatehouse.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.ratelimit.Limit;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    /** Begins where the clock of the machine overflows soon. */
    private final AtomicLong nanos =
            new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(3).toNanos());

    private final Throttle throttle = new Throttle(Limit.parse("6/min burst 2"), nanos::get);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void aBucketFillsAgainAndTheFirstRefusalIsToldApart() {
        assertThat(throttle.take("a").isRefused()).isFalse();
        assertThat(throttle.take("a").isRefused()).isFalse();
        assertThat(throttle.take("a")).isEqualTo(new Throttle.Outcome(10, true));
        assertThat(throttle.take("a")).isEqualTo(new Throttle.Outcome(10, false));
        assertThat(throttle.take("b").isRefused()).isFalse();
        pass(Duration.ofSeconds(4));
        assertThat(throttle.take("a")).isEqualTo(new Throttle.Outcome(6, false));
        pass(Duration.ofSeconds(6));
        assertThat(throttle.take("a").isRefused()).isFalse();
        assertThat(throttle.take("a")).isEqualTo(new Throttle.Outcome(10, true));
        pass(Duration.ofSeconds(100));
        assertThat(throttle.take("a").isRefused()).isFalse();
        assertThat(throttle.take("a").isRefused()).isFalse();
        assertThat(throttle.take("a").isRefused()).isTrue();
    }
}
