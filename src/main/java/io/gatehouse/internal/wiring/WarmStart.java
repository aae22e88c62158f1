package io.gatehouse.internal.wiring;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The warm-up of a new node before it reports ready, with a time limit. Thread-safe. */
final class WarmStart implements Runnable {
    private final Consumer<BooleanSupplier> work;
    private final boolean awaited;
    private final Duration timeLimit;
    private final LongSupplier nanoTime;
    private final long createdAt;
    private volatile boolean done;

    /**
     * Creates a warm-up that has not started. The time limit counts from now.
     *
     * @param work the warm-up itself; it is passed a supplier of whether the time limit has passed
     * @param awaited whether the node is not ready before the warm-up is complete
     */
    WarmStart(Consumer<BooleanSupplier> work, boolean awaited, Duration timeLimit, LongSupplier nanoTime) {
        this.work = work;
        this.awaited = awaited;
        this.timeLimit = timeLimit;
        this.nanoTime = nanoTime;
        this.createdAt = nanoTime.getAsLong();
    }

    @Override
    public void run() {
        try {
            work.accept(this::isTimeUp);
        } finally {
            done = true;
        }
    }

    /** Returns whether the warm-up no longer keeps the node from being ready. */
    boolean isComplete() {
        return !awaited || done || isTimeUp();
    }

    private boolean isTimeUp() {
        return nanoTime.getAsLong() - createdAt > timeLimit.toNanos();
    }
}
