package io.gatehouse.internal.session.lease;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What the writer of one change waits for: the nodes that may still answer from a copy without it. Sends nothing. Thread-safe.
 *
 * <p>Acknowledgements may arrive before the reply that lists the holders.
 */
final class LeaseWait {
    private final long number;
    private final String name;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread owner = Thread.currentThread();
    private final CountDownLatch settled = new CountDownLatch(1);
    private final Set<String> acknowledged = new HashSet<>();
    private @Nullable List<Holder> holders;
    private long repliedAt;

    /** @param name the name of the session, or the tag of the user, that the change is about */
    LeaseWait(long number, String name) {
        this.number = number;
        this.name = name;
    }

    /** Returns the number of the change among those of this node. */
    long number() {
        return number;
    }

    /**
     * Sets the nodes that the reply lists, without those whose leases are known to have ended.
     *
     * @param now the time of the monotonic clock after the reply has arrived
     */
    void heldBy(List<Holder> listed, long now) {
        lock.lock();
        try {
            holders = List.copyOf(listed);
            repliedAt = now;
        } finally {
            lock.unlock();
        }
    }

    /** Returns the time of the last {@link #heldBy}: leases that it lists were requested before. */
    long repliedAt() {
        lock.lock();
        try {
            return repliedAt;
        } finally {
            lock.unlock();
        }
    }

    /** Records that a node has let go. */
    void acknowledge(String node) {
        lock.lock();
        try {
            acknowledged.add(node);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the holders that have not acknowledged yet. */
    List<Holder> outstanding() {
        lock.lock();
        try {
            List<Holder> known = holders;
            return known == null
                    ? List.of()
                    : known.stream()
                            .filter(holder -> !acknowledged.contains(holder.node()))
                            .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether another thread has made this change of a session, and waits for holders. */
    boolean isOtherChangeOf(String session) {
        return name.equals(session)
                && owner != Thread.currentThread()
                && !outstanding().isEmpty();
    }

    /** Ends the wait, whether or not the holders have acknowledged. */
    void settled() {
        settled.countDown();
    }

    /** Waits until {@link #settled}, at most for a time. An interrupt does not end the wait. */
    void awaitSettled(long nanos) {
        long end = System.nanoTime() + nanos;
        boolean interrupted = false;
        boolean waiting = true;
        while (waiting) {
            try {
                boolean unused = settled.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                waiting = false;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until every holder has acknowledged, at most for a time. */
    void await(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (left > 0 && !outstanding().isEmpty()) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
