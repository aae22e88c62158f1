package io.gatehouse.internal.ops;

import io.gatehouse.cache.CacheStatistics;
import io.gatehouse.cache.InvalidationResult;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The cache as operators see it. Component names are those of the JSON. */
public final class CacheViews {
    private CacheViews() {}

    /** The cache of all nodes together. */
    public record ClusterCacheView(
            int nodes, boolean connected, Duration staleness, long gaps, List<RegionView> regions) {}

    /** The cache of this node. */
    public record NodeCacheView(boolean connected, Duration staleness, long gaps, List<RegionView> regions) {}

    /**
     * One region.
     *
     * @param hitRatio null if nothing was looked up
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
     * What an invalidation removed.
     *
     * @param nodesConfirmed how many nodes have confirmed it, or null if none was asked
     * @param nodes how many nodes there are, or null if none was asked
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
