package io.gatehouse.internal.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The time limit of the warm-up of a new node. */
class WarmStartTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final AtomicLong time = new AtomicLong();

    @Test
    void aNodeIsReadyAfterItsWarmup() {
        WarmStart start =
                new WarmStart(timeUp -> assertThat(timeUp.getAsBoolean()).isFalse(), true, MINUTE, time::get);
        assertThat(start.isComplete()).isFalse();
        start.run();
        assertThat(start.isComplete()).isTrue();
    }

    @Test
    void aNodeIsReadyAfterTheTimeLimitAndStopsItsWarmup() {
        WarmStart start =
                new WarmStart(timeUp -> assertThat(timeUp.getAsBoolean()).isTrue(), true, MINUTE, time::get);
        time.set(MINUTE.toNanos() + 1);
        assertThat(start.isComplete()).isTrue();
        start.run();
    }

    @Test
    void aNodeIsReadyAfterAFailedWarmup() {
        WarmStart start = new WarmStart(
                timeUp -> {
                    throw new IllegalStateException("no source");
                },
                true,
                MINUTE,
                time::get);
        assertThatThrownBy(start::run).hasMessage("no source");
        assertThat(start.isComplete()).isTrue();
    }

    @Test
    void aNodeIsReadyAtOnceIfTheWarmupIsNotAwaited() {
        assertThat(new WarmStart(timeUp -> {}, false, MINUTE, time::get).isComplete())
                .isTrue();
    }
}
