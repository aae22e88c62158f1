package io.gatehouse.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Eventually;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The clock of hits, over a clock that stands still until the test moves it. */
class HitClockTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final AtomicLong time = new AtomicLong(1_000);
    private final AtomicLong readByHits = new AtomicLong();
    private final CountDownLatch keeperMayGoOn = new CountDownLatch(1);
    private volatile boolean keeperIsHeld;
    private volatile @Nullable Thread keeper;
    private final HitClock clock = new HitClock(new InstantSource() {
        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis());
        }

        @Override
        public long millis() {
            if (Thread.currentThread().getName().equals(HitClock.THREAD)) {
                keeper = Thread.currentThread();
                hold();
            } else {
                readByHits.incrementAndGet();
            }
            return time.get();
        }
    });

    private void hold() {
        try {
            assertThat(!keeperIsHeld || keeperMayGoOn.await(1, TimeUnit.MINUTES))
                    .isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Thread keeper() {
        return Objects.requireNonNull(keeper);
    }

    @AfterEach
    void close() {
        keeperMayGoOn.countDown();
        clock.close();
    }

    /** Reads until the thread has set the time, so that about 16 of 1,000 hits read the clock. */
    private void readOften() {
        Eventually.within(LONG, () -> assertThat(clockReadingsOf(1_000)).isLessThan(150));
    }

    private long clockReadingsOf(int hits) {
        long before = readByHits.get();
        for (int i = 0; i < hits; i++) {
            assertThat(clock.millis()).isEqualTo(time.get());
        }
        return readByHits.get() - before;
    }

    @Test
    void rareHitsReadTheClockThemselves() {
        for (int i = 0; i < 1_000; i++) {
            time.incrementAndGet();
            assertThat(clockReadingsOf(10)).isEqualTo(10);
        }
        assertThat(keeper).isNull();
    }

    @Test
    void manyHitsShareTheReadingsOfAThread() {
        readOften();
        assertThat(keeper().isDaemon()).isTrue();
        time.addAndGet(60_000);
        Eventually.within(LONG, () -> assertThat(clock.millis()).isEqualTo(61_000));
        time.addAndGet(-30_000); // the clock was set back
        Eventually.within(LONG, () -> assertThat(clock.millis()).isEqualTo(31_000));
    }

    @Test
    void hitsNoticeTheTimeThemselvesIfTheMachineDoesNotRunTheThread() {
        readOften();
        keeperIsHeld = true;
        Eventually.holds("the thread waits", LONG, () -> keeper().getState() == Thread.State.TIMED_WAITING);
        for (int i = 0; i < 10; i++) {
            time.addAndGet(100);
            int hits = 1;
            while (clock.millis() < time.get()) {
                hits++;
            }
            assertThat(hits).isLessThan(3_000);
        }
    }

    @Test
    void theThreadEndsWhenThereAreNoHitsAndComesBackWithThem() {
        readOften();
        Thread first = keeper();
        Eventually.holds("the thread has ended", LONG, () -> !first.isAlive());
        time.addAndGet(60_000);
        assertThat(clockReadingsOf(10)).isEqualTo(10);
        readOften();
        assertThat(keeper).isNotSameAs(first);
    }

    @Test
    void aClosedClockHasNoThreadAndCanBeRead() {
        readOften();
        assertThat(keeper().getContextClassLoader()).isSameAs(HitClock.class.getClassLoader());
        clock.close();
        Eventually.holds("the thread has ended", LONG, () -> !keeper().isAlive());
        time.addAndGet(60_000);
        assertThat(clockReadingsOf(10_000)).isEqualTo(10_000);
    }
}
