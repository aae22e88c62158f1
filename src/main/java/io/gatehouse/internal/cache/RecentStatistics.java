package io.gatehouse.internal.cache;

import io.gatehouse.cache.CacheStatistics;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/** The statistics of a region over the last five minutes, from one snapshot for each minute. Thread-safe for one writer. */
final class RecentStatistics {
    private static final int SNAPSHOTS = 5;

    private final Deque<CacheStatistics> snapshots = new ConcurrentLinkedDeque<>();

    /** Adds a snapshot; to be called each minute. */
    void add(CacheStatistics snapshot) {
        snapshots.addLast(snapshot);
        if (snapshots.size() > SNAPSHOTS) {
            snapshots.removeFirst();
        }
    }

    /** Returns the difference between the present statistics and the oldest snapshot. */
    CacheStatistics since(CacheStatistics now) {
        CacheStatistics before = snapshots.peekFirst();
        return before == null ? now : RegionNumbers.since(now, before);
    }
}
