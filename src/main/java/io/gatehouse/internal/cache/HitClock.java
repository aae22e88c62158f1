package io.gatehouse.internal.cache;

import io.gatehouse.internal.threads.DaemonThreads;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The clock with which hits of the first level are compared with the end of their lifetime. Reading the clock of the system takes
 * longer than everything else in a hit. So while there are many hits, a thread reads it every {@linkplain #STEP five milliseconds},
 * and so does one of about 64 hits, because an overloaded machine may not run the thread in time. The others use what was read.
 * When hits become rare, the thread ends, and each hit reads the clock itself.
 *
 * <p>An entry is therefore used at most one step longer than its lifetime; on an overloaded machine, until some more hits have
 * come. The ends of lifetimes are computed with the exact clock. Thread-safe.
 */
final class HitClock implements AutoCloseable {
    static final Duration STEP = Duration.ofMillis(5);
    static final String THREAD = "gatehouse-cache-clock";

    /** The readings within one millisecond from which the thread takes less time than they do. */
    private static final int MANY = 64;
    /** The thread ends after this many steps without a reading more than with one. */
    private static final int UNUSED_STEPS = 100;

    /** The mask of random numbers: one of 64 hits reads the clock although the thread does. */
    private static final int SHARING = 63;

    private static final long NONE = Long.MIN_VALUE;

    private final InstantSource clock;
    private final DaemonThreads threads = new DaemonThreads(HitClock::thread);
    private final AtomicBoolean running = new AtomicBoolean();
    private final AtomicLong known = new AtomicLong(NONE);
    private volatile boolean used;
    private volatile boolean closed;
    /** The last exact reading, and how many have shown the same time. Threads may overwrite each other: they only decide about speed. */
    private long last;

    private int repeated;

    HitClock(InstantSource clock) {
        this.clock = clock;
    }

    /** Returns a thread that keeps nothing of the request whose hit starts it. */
    private static Thread thread(Runnable work) {
        Thread thread = new Thread(null, work, THREAD, 0, false);
        thread.setContextClassLoader(HitClock.class.getClassLoader());
        return thread;
    }

    /** Returns the time in milliseconds since 1970. */
    long millis() {
        long time = known.get();
        if (time == NONE) {
            return exactMillis();
        }
        if (!used) { // a write in each hit would slow down the hits of other threads
            used = true;
        }
        if ((ThreadLocalRandom.current().nextInt() & SHARING) != 0) {
            return time;
        }
        long now = clock.millis();
        known.compareAndSet(time, now); // never over the NONE of a thread that has just ended
        return now;
    }

    private long exactMillis() {
        long now = clock.millis();
        if (now != last) {
            last = now;
            repeated = 0;
        } else if (++repeated >= MANY && !closed && running.compareAndSet(false, true)) {
            start();
        }
        return now;
    }

    private void start() {
        try {
            threads.newThread(this::keepTime).start();
        } catch (OutOfMemoryError e) { // no more threads: hits go on reading the clock themselves
            running.set(false);
        }
    }

    private void keepTime() {
        try {
            int unused = 0;
            while (!closed && unused < UNUSED_STEPS) {
                used = false;
                known.set(clock.millis());
                Thread.sleep(STEP.toMillis());
                unused = used ? Math.max(0, unused - 1) : unused + 1;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // ends this thread
        } finally {
            known.set(NONE);
            running.set(false);
        }
    }

    /** Ends the thread, which takes a step, and waits for that. The clock can still be read. */
    @Override
    public void close() {
        closed = true;
        try {
            boolean unused = threads.awaitEnd(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
