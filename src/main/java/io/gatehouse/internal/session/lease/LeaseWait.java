package io.gatehouse.internal.session.lease;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<String> acknowledged = new HashSet<>();
    private @Nullable List<Holder> holders;
    private long repliedAt;

    LeaseWait(long number) {
        this.number = number;
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
