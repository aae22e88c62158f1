package io.gatehouse.internal.metrics;

import io.gatehouse.cache.CacheStatistics;
import io.gatehouse.internal.cache.DefaultCacheManager;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/** The metrics of the cache on this node: statistics by region, and whether it receives the invalidations of other nodes. */
final class CacheMetrics {
    private static final double MICROS = 1e6;

    private CacheMetrics() {}

    static void addTo(MetricsRegistry metricsRegistry, DefaultCacheManager cache) {
        metricsRegistry.add(
                MetricDefinition.CACHE_HITS,
                samples -> cache.statistics().forEach(region -> {
                    samples.add(region.firstLevelHits(), region.region(), "l1");
                    samples.add(region.secondLevelHits(), region.region(), "l2");
                }));
        addByRegion(metricsRegistry, cache, MetricDefinition.CACHE_MISSES, CacheStatistics::misses);
        addByRegion(metricsRegistry, cache, MetricDefinition.CACHE_LOADS, CacheStatistics::loads);
        addByRegion(metricsRegistry, cache, MetricDefinition.CACHE_LOAD_FAILURES, CacheStatistics::loadFailures);
        addByRegion(
                metricsRegistry, cache, MetricDefinition.CACHE_LOAD_SECONDS, region -> region.loadMicros() / MICROS);
        addByRegion(metricsRegistry, cache, MetricDefinition.CACHE_STALE, CacheStatistics::staleServed);
        addByRegion(metricsRegistry, cache, MetricDefinition.CACHE_EVICTIONS, CacheStatistics::evictions);
        addByRegion(metricsRegistry, cache, MetricDefinition.CACHE_INVALIDATIONS, CacheStatistics::invalidations);
        addByRegion(metricsRegistry, cache, MetricDefinition.CACHE_UNREADABLE, CacheStatistics::unreadable);
        addByRegion(metricsRegistry, cache, MetricDefinition.CACHE_NOT_STORED, CacheStatistics::notStored);
        addByRegion(metricsRegistry, cache, MetricDefinition.CACHE_ENTRIES, CacheStatistics::entries);
        addByRegion(metricsRegistry, cache, MetricDefinition.CACHE_BYTES, CacheStatistics::bytes);
        metricsRegistry.add(MetricDefinition.CACHE_STALENESS, samples -> samples.add(seconds(cache.staleness())));
        metricsRegistry.add(MetricDefinition.CACHE_CONNECTED, samples -> samples.add(cache.isConnected() ? 1 : 0));
        metricsRegistry.add(MetricDefinition.CACHE_NODES, samples -> samples.add(cache.nodes()));
        metricsRegistry.add(MetricDefinition.CACHE_GAPS, samples -> samples.add(cache.gaps()));
    }

    private static void addByRegion(
            MetricsRegistry metricsRegistry,
            DefaultCacheManager cache,
            MetricDefinition metricDefinition,
            ToDoubleFunction<CacheStatistics> value) {
        metricsRegistry.add(
                metricDefinition,
                samples -> cache.statistics()
                        .forEach(region -> samples.add(value.applyAsDouble(region), region.region())));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
