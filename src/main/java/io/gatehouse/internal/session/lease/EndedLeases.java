package io.gatehouse.internal.session.lease;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;

/**
 * The leases of other nodes that are known to have ended, so that no writer waits a second time for a node that has died. Bounded. Thread-safe.
 *
 * <p>A writer that has waited for the whole length of a lease knows more than the end of this lease: the requests of a node are numbered in
 * their order, so all its leases with lower numbers have ended as well.
 */
final class EndedLeases {
    private static final int MOST_NODES = 1_000;

    private final Cache<String, Long> ended = Caffeine.newBuilder()
            .maximumSize(MOST_NODES)
            .executor(Runnable::run)
            .build();

    /** Records that a writer has waited for the end of a lease. */
    void waitedFor(Holder holder) {
        ended.asMap().merge(holder.node(), holder.number(), Math::max);
    }

    /** Records that a node has stopped. */
    void stopped(String node) {
        ended.put(node, Long.MAX_VALUE);
    }

    /** Returns the holders whose leases may still be valid. */
    List<Holder> without(List<Holder> listed) {
        return listed.isEmpty()
                ? listed
                : listed.stream().filter(this::mayBeValid).toList();
    }

    private boolean mayBeValid(Holder holder) {
        Long last = ended.getIfPresent(holder.node());
        return last == null || holder.number() > last;
    }
}
