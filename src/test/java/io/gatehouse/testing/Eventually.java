package io.gatehouse.testing;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what another thread or process will bring about, by asking again and again until a deadline. */
public final class Eventually {
    private static final long PAUSE_MILLIS = 25;

    private Eventually() {}

    /** What is asked; throws as long as the answer is not the one wanted. */
    @FunctionalInterface
    public interface Question {
        void ask() throws Exception;
    }

    /** Returns once the condition is true. */
    public static void holds(String what, Duration within, BooleanSupplier condition) {
        within(within, () -> {
            if (!condition.getAsBoolean()) {
                throw new AssertionError(what);
            }
        });
    }

    /** Returns once the question passes; throws what it threw last if it did not in time. */
    public static void within(Duration time, Question question) {
        long deadline = System.nanoTime() + time.toNanos();
        while (true) {
            try {
                question.ask();
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

    /** Waits for the next millisecond of Redis' clock, which nobody can move. */
    public static void nextMillisecond() {
        long now = System.currentTimeMillis();
        while (System.currentTimeMillis() <= now + 1) {
            Thread.onSpinWait();
        }
    }
}
