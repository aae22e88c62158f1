package io.gatehouse.internal.jobs;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The time at which a run may be due next, as far as this node knows. Code that learns of a run sets it; the thread that claims runs waits
 * for it. Thread-safe.
 */
final class DueTimer {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean set;
    private long at;

    /** Sets the time to now. */
    void setNow() {
        setIn(Duration.ZERO);
    }

    /** Sets the time to a duration from now, unless it is earlier already. */
    void setIn(Duration wait) {
        lock.lock();
        try {
            long time = System.nanoTime() + wait.toNanos();
            if (!set || time - at < 0) {
                set = true;
                at = time;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the time, but not longer than a duration, and clears it. The caller must ask for runs afterwards, so that a time that is
     * set meanwhile is kept for the next call.
     */
    void await(Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        lock.lock();
        try {
            for (long left = left(end); left > 0; left = left(end)) {
                long unused = changed.awaitNanos(left);
            }
            set = false;
        } finally {
            lock.unlock();
        }
    }

    private long left(long end) {
        long now = System.nanoTime();
        return set ? Math.min(end - now, at - now) : end - now;
    }
}
