package io.gatehouse.internal.ops;

import io.gatehouse.cache.CacheStatistics;
import io.gatehouse.cache.InvalidationResult;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The results of {@link CacheOperations}. Component names are the names of the JSON members. */
public final class CacheViews {
    private CacheViews() {}

    /**
     * The cache of all nodes.
     *
     * @param connected whether this node receives the invalidations of other nodes
     * @param staleness how long this node may have missed invalidations
     * @param gaps how many times this node has missed an invalidation
     */
    public record ClusterCacheView(
            int nodes, boolean connected, Duration staleness, long gaps, List<RegionView> regions) {}

    /** The cache of this node. */
    public record NodeCacheView(boolean connected, Duration staleness, long gaps, List<RegionView> regions) {}

    /**
     * The statistics of one region.
     *
     * @param hitRatio the share of lookups that found a value, or null if there was no lookup
     */
    public record RegionView(
            String region,
            long firstLevelHits,
            long secondLevelHits,
            long misses,
            @Nullable Double hitRatio,
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
        static RegionView of(CacheStatistics region) {
            long hits = region.firstLevelHits() + region.secondLevelHits();
            long lookups = hits + region.misses();
            return new RegionView(
                    region.region(),
                    region.firstLevelHits(),
                    region.secondLevelHits(),
                    region.misses(),
                    lookups == 0 ? null : hits / (double) lookups,
                    region.loads(),
                    region.loadFailures(),
                    region.loadMicros(),
                    region.staleServed(),
                    region.evictions(),
                    region.invalidations(),
                    region.unreadable(),
                    region.notStored(),
                    region.entries(),
                    region.bytes());
        }
    }

    /**
     * The outcome of an invalidation.
     *
     * @param entries how many entries it removed from Redis
     * @param nodesConfirmed how many nodes have confirmed it, or null if no confirmation was requested
     * @param nodes how many nodes are alive, or null if no confirmation was requested
     */
    public record InvalidationView(
            long entries,
            @Nullable Integer nodesConfirmed,
            @Nullable Integer nodes) {
        static InvalidationView of(InvalidationResult invalidationResult) {
            return new InvalidationView(
                    invalidationResult.entries(), invalidationResult.nodesConfirmed(), invalidationResult.nodes());
        }
    }
}
