package io.gatehouse.cache;

/**
 * What happened in a region on one node since its start, or within a time.
 *
 * @param firstLevelHits found in the process
 * @param secondLevelHits found in Redis
 * @param misses found nowhere
 * @param loads loaders that gave a value or said that there is none
 * @param loadFailures loaders that threw or were given up
 * @param loadMicros microseconds that the {@code loads} took
 * @param staleServed older values that were given because a loader failed or took long
 * @param evictions entries that left the process because it was full
 * @param invalidations entries that were invalidated here or by another node
 * @param unreadable entries that could not be read, such as of a class that is gone
 * @param notStored values that could not be written, or that Redis did not take
 * @param entries now in the process
 * @param bytes now in the process, as their size in Redis
 */
public record RegionStatistics(
        String region,
        long firstLevelHits,
        long secondLevelHits,
        long misses,
        long loads,
        long loadFailures,
        long loadMicros,
        long staleServed,
        long evictions,
        long invalidations,
        long unreadable,
        long notStored,
        long entries,
        long bytes) {

    /** What came since another look; entries and bytes are those of now. */
    RegionStatistics since(RegionStatistics before) {
        return new RegionStatistics(
                region,
                firstLevelHits - before.firstLevelHits,
                secondLevelHits - before.secondLevelHits,
                misses - before.misses,
                loads - before.loads,
                loadFailures - before.loadFailures,
                loadMicros - before.loadMicros,
                staleServed - before.staleServed,
                evictions - before.evictions,
                invalidations - before.invalidations,
                unreadable - before.unreadable,
                notStored - before.notStored,
                entries,
                bytes);
    }
}
