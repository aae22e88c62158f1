package io.gatehouse.internal.cache;

import io.gatehouse.cache.CacheStatistics;
import java.util.concurrent.atomic.LongAdder;

/** The event counters of one region on this node. Thread-safe. */
final class RegionCounters {
    final LongAdder firstLevelHits = new LongAdder();
    final LongAdder secondLevelHits = new LongAdder();
    final LongAdder misses = new LongAdder();
    final LongAdder loads = new LongAdder();
    final LongAdder loadFailures = new LongAdder();
    final LongAdder loadMicros = new LongAdder();
    final LongAdder staleServed = new LongAdder();
    final LongAdder evictions = new LongAdder();
    final LongAdder invalidations = new LongAdder();
    final LongAdder unreadable = new LongAdder();
    final LongAdder notStored = new LongAdder();

    CacheStatistics snapshot(String region, long entries, long bytes) {
        return new CacheStatistics(
                region,
                firstLevelHits.sum(),
                secondLevelHits.sum(),
                misses.sum(),
                loads.sum(),
                loadFailures.sum(),
                loadMicros.sum(),
                staleServed.sum(),
                evictions.sum(),
                invalidations.sum(),
                unreadable.sum(),
                notStored.sum(),
                entries,
                bytes);
    }
}
