package io.gatehouse.testing;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for an effect of another thread or process by polling until a deadline. */
public final class Eventually {
    private static final long PAUSE_MILLIS = 25;

    private Eventually() {}

    /** A check that throws until it passes. */
    @FunctionalInterface
    public interface Check {
        void run() throws Exception;
    }

    /**
     * Returns as soon as the condition is true.
     *
     * @throws AssertionError if it is still false at the deadline
     */
    public static void holds(String what, Duration within, BooleanSupplier condition) {
        within(within, () -> {
            if (!condition.getAsBoolean()) {
                throw new AssertionError(what);
            }
        });
    }

    /**
     * Returns as soon as the check passes.
     *
     * @throws AssertionError with the last failure if it does not pass in time
     */
    public static void within(Duration time, Check check) {
        long deadline = System.nanoTime() + time.toNanos();
        while (true) {
            try {
                check.run();
                return;
            } catch (AssertionError | Exception e) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("not within " + time + ": " + e.getMessage(), e);
                }
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }

    /** Waits for the next millisecond of Redis' clock, which a test cannot set. */
    public static void nextMillisecond() {
        long now = System.currentTimeMillis();
        while (System.currentTimeMillis() <= now + 1) {
            Thread.onSpinWait();
        }
    }
}
