package io.gatehouse.internal.warmup;

import java.time.Duration;
import java.util.function.LongSupplier;

/** The time of one run: when it has to stop, and how fast it goes. Belongs to one thread. */
final class WarmupThrottle {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** Lets time pass. */
    @FunctionalInterface
    interface Sleeper {
        void sleep(long nanos) throws InterruptedException;
    }

    private final LongSupplier nanoTime;
    private final Sleeper sleeper;
    private final int rate;
    private final long begin;
    private final long deadline;
    private long spent;

    WarmupThrottle(LongSupplier nanoTime, Sleeper sleeper, int rate, Duration deadline) {
        this.nanoTime = nanoTime;
        this.sleeper = sleeper;
        this.rate = rate;
        this.begin = nanoTime.getAsLong();
        this.deadline = deadline.toNanos();
    }

    Duration took() {
        return Duration.ofNanos(elapsed());
    }

    /** Whether the time is up, or the thread was interrupted. */
    boolean isOver() {
        return elapsed() >= deadline || Thread.currentThread().isInterrupted();
    }

    /** Keeps the flag of the thread after an application has thrown what its being interrupted threw. */
    static void keepInterrupt(Exception thrown) {
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits until the entries before are paid for by time, and spends some more. What a slow source has lost is not made up
     * for: no burst follows.
     *
     * @return whether there is time left to try them
     */
    boolean spend(int entries) {
        long wait = spent - elapsed();
        if (spent >= deadline || isOver()) {
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
        spent = Math.max(spent, elapsed()) + entries * SECOND / rate;
        return true;
    }

    private long elapsed() {
        return nanoTime.getAsLong() - begin;
    }
}
