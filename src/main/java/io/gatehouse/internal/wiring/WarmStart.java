package io.gatehouse.internal.wiring;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** What a new node does before it is ready, for no longer than a time. Safe for use by several threads. */
final class WarmStart implements Runnable {
    private final Consumer<BooleanSupplier> work;
    private final boolean awaited;
    private final Duration most;
    private final LongSupplier nanoTime;
    private final long begun;
    private volatile boolean done;

    /**
     * Not begun yet, but its time runs.
     *
     * @param work is given what says whether time is up
     * @param awaited whether the node is not ready before
     */
    WarmStart(Consumer<BooleanSupplier> work, boolean awaited, Duration most, LongSupplier nanoTime) {
        this.work = work;
        this.awaited = awaited;
        this.most = most;
        this.nanoTime = nanoTime;
        this.begun = nanoTime.getAsLong();
    }

    @Override
    public void run() {
        try {
            work.accept(this::isTimeUp);
        } finally {
            done = true;
        }
    }

    /** Whether nothing keeps the node from being ready any more. */
    boolean isOver() {
        return !awaited || done || isTimeUp();
    }

    private boolean isTimeUp() {
        return nanoTime.getAsLong() - begun > most.toNanos();
    }
}
