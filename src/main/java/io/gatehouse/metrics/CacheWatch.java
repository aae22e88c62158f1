package io.gatehouse.metrics;

import io.gatehouse.cache.DefaultCacheManager;
import io.gatehouse.cache.RegionStatistics;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/** What the cache has counted on this node, by region, and how well it hears of the other nodes. */
final class CacheWatch {
    private static final double MICROS = 1e6;

    private CacheWatch() {}

    static void addTo(Board board, DefaultCacheManager cache) {
        board.add(
                Family.CACHE_HITS,
                samples -> cache.statistics().forEach(region -> {
                    samples.add(region.firstLevelHits(), region.region(), "l1");
                    samples.add(region.secondLevelHits(), region.region(), "l2");
                }));
        tell(board, cache, Family.CACHE_MISSES, RegionStatistics::misses);
        tell(board, cache, Family.CACHE_LOADS, RegionStatistics::loads);
        tell(board, cache, Family.CACHE_LOAD_FAILURES, RegionStatistics::loadFailures);
        tell(board, cache, Family.CACHE_LOAD_SECONDS, region -> region.loadMicros() / MICROS);
        tell(board, cache, Family.CACHE_STALE, RegionStatistics::staleServed);
        tell(board, cache, Family.CACHE_EVICTIONS, RegionStatistics::evictions);
        tell(board, cache, Family.CACHE_INVALIDATIONS, RegionStatistics::invalidations);
        tell(board, cache, Family.CACHE_UNREADABLE, RegionStatistics::unreadable);
        tell(board, cache, Family.CACHE_NOT_STORED, RegionStatistics::notStored);
        tell(board, cache, Family.CACHE_ENTRIES, RegionStatistics::entries);
        tell(board, cache, Family.CACHE_BYTES, RegionStatistics::bytes);
        board.add(Family.CACHE_STALENESS, samples -> samples.add(seconds(cache.staleness())));
        board.add(Family.CACHE_CONNECTED, samples -> samples.add(cache.isConnected() ? 1 : 0));
        board.add(Family.CACHE_NODES, samples -> samples.add(cache.nodes()));
        board.add(Family.CACHE_GAPS, samples -> samples.add(cache.gaps()));
    }

    private static void tell(
            Board board, DefaultCacheManager cache, Family family, ToDoubleFunction<RegionStatistics> value) {
        board.add(
                family,
                samples -> cache.statistics()
                        .forEach(region -> samples.add(value.applyAsDouble(region), region.region())));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
