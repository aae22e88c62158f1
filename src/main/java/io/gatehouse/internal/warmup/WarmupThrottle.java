package io.gatehouse.internal.warmup;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Limits the rate and the duration of one run. Each entry costs {@code 1/rate} seconds of a budget that grows with time; time in
 * which a slow source used less is not saved up, so no burst follows. Not thread-safe.
 */
final class WarmupThrottle {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** Sleeps for a time; replaced in tests. */
    @FunctionalInterface
    interface Sleeper {
        void sleep(long nanos) throws InterruptedException;
    }

    private final LongSupplier nanoTime;
    private final Sleeper sleeper;
    private final int rate;
    private final long start;
    private final long deadline;
    private long reservedUntil;

    WarmupThrottle(LongSupplier nanoTime, Sleeper sleeper, int rate, Duration deadline) {
        this.nanoTime = nanoTime;
        this.sleeper = sleeper;
        this.rate = rate;
        this.start = nanoTime.getAsLong();
        this.deadline = deadline.toNanos();
    }

    /** Returns the time since the start of the run. */
    Duration took() {
        return Duration.ofNanos(elapsed());
    }

    /** Returns whether the deadline has passed or the thread was interrupted. */
    boolean isExpired() {
        return elapsed() >= deadline || Thread.currentThread().isInterrupted();
    }

    /** Restores the interrupt flag of the thread if application code has thrown an {@link InterruptedException}. */
    static void keepInterrupt(Exception thrown) {
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits until the rate allows more entries, and reserves them.
     *
     * @return whether they may be loaded before the deadline
     */
    boolean acquire(int entries) {
        long wait = reservedUntil - elapsed();
        if (reservedUntil >= deadline || isExpired()) {
            return false;
        }
        if (wait > 0) {
            try {
                sleeper.sleep(wait);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        reservedUntil = Math.max(reservedUntil, elapsed()) + entries * SECOND / rate;
        return true;
    }

    private long elapsed() {
        return nanoTime.getAsLong() - start;
    }
}
