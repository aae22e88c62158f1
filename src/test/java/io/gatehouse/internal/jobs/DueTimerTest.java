package io.gatehouse.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A wait that returns too late exceeds the timeout of the test. */
@Timeout(30)
class DueTimerTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(20);

    private final DueTimer due = new DueTimer();

    @Test
    void aTimeThatWasSetBeforeTheWaitEndsIt() throws InterruptedException {
        due.setNow();
        due.await(LONG);
        due.setIn(LONG);
        due.setIn(SHORT);
        due.setIn(LONG);
        due.await(LONG);
    }

    @Test
    void aTimeThatIsSetDuringTheWaitEndsIt() throws InterruptedException {
        Thread waiting = new Thread(() -> {
            try {
                due.await(LONG);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        waiting.start();
        while (waiting.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        due.setNow();
        waiting.join();
    }

    @Test
    void aWaitEndsAfterItsDurationAndClearsTheTime() throws InterruptedException {
        due.await(SHORT);
        due.setNow();
        due.await(Duration.ZERO);
        long start = System.nanoTime();
        due.await(SHORT);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(SHORT);
    }

    @Test
    void aTimeIsNotReachedTooEarly() throws InterruptedException {
        long start = System.nanoTime();
        due.setIn(SHORT);
        due.await(LONG);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(SHORT);
    }
}
