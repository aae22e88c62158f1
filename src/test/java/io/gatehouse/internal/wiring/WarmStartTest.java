package io.gatehouse.internal.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WarmStartTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final AtomicLong time = new AtomicLong();

    @Test
    void aNodeIsReadyWhenItIsWarm() {
        WarmStart start =
                new WarmStart(timeUp -> assertThat(timeUp.getAsBoolean()).isFalse(), true, MINUTE, time::get);
        assertThat(start.isOver()).isFalse();
        start.run();
        assertThat(start.isOver()).isTrue();
    }

    @Test
    void aNodeIsReadyWhenItsTimeIsUpAndStopsWarming() {
        WarmStart start =
                new WarmStart(timeUp -> assertThat(timeUp.getAsBoolean()).isTrue(), true, MINUTE, time::get);
        time.set(MINUTE.toNanos() + 1);
        assertThat(start.isOver()).isTrue();
        start.run();
    }

    @Test
    void aNodeIsReadyAlthoughWarmingFailed() {
        WarmStart start = new WarmStart(
                timeUp -> {
                    throw new IllegalStateException("no source");
                },
                true,
                MINUTE,
                time::get);
        assertThatThrownBy(start::run).hasMessage("no source");
        assertThat(start.isOver()).isTrue();
    }

    @Test
    void aNodeThatNeedNotBeWarmIsReadyAtOnce() {
        assertThat(new WarmStart(timeUp -> {}, false, MINUTE, time::get).isOver())
                .isTrue();
    }
}
