package io.gatehouse.cache;

/**
 * The counters of one region, of one node or of the whole cluster, since the start or for a time span. Immutable.
 *
 * <pre>{@code
 * CacheStatistics users = cache.region("user").statistics();
 * long hits = users.firstLevelHits() + users.secondLevelHits();
 * double hitRatio = (double) hits / Math.max(1, hits + users.misses());
 * }</pre>
 *
 * @param region the name of the region
 * @param firstLevelHits lookups answered from memory
 * @param secondLevelHits lookups answered from Redis
 * @param misses lookups that found no value
 * @param loads loaders that returned a value or null
 * @param loadFailures loaders that threw or exceeded their timeout
 * @param loadMicros the duration of all {@code loads} together, in microseconds
 * @param staleServed stale values returned because a loader failed or was slow
 * @param evictions entries removed from memory because it was full
 * @param invalidations entries removed from memory by an invalidation of this or another node
 * @param unreadable entries that could not be deserialized, for example because their class is missing
 * @param notStored values that could not be serialized, or that Redis did not store
 * @param entries the present number of entries in memory
 * @param bytes the present size of these entries, as serialized for Redis
 */
public record CacheStatistics(
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
        long bytes) {}
