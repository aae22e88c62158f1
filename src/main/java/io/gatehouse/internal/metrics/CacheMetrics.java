package io.gatehouse.internal.metrics;

import io.gatehouse.cache.CacheStatistics;
import io.gatehouse.internal.cache.DefaultCacheManager;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/** What the cache has counted on this node, by region, and how well it hears of the other nodes. */
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
        tell(metricsRegistry, cache, MetricDefinition.CACHE_MISSES, CacheStatistics::misses);
        tell(metricsRegistry, cache, MetricDefinition.CACHE_LOADS, CacheStatistics::loads);
        tell(metricsRegistry, cache, MetricDefinition.CACHE_LOAD_FAILURES, CacheStatistics::loadFailures);
        tell(metricsRegistry, cache, MetricDefinition.CACHE_LOAD_SECONDS, region -> region.loadMicros() / MICROS);
        tell(metricsRegistry, cache, MetricDefinition.CACHE_STALE, CacheStatistics::staleServed);
        tell(metricsRegistry, cache, MetricDefinition.CACHE_EVICTIONS, CacheStatistics::evictions);
        tell(metricsRegistry, cache, MetricDefinition.CACHE_INVALIDATIONS, CacheStatistics::invalidations);
        tell(metricsRegistry, cache, MetricDefinition.CACHE_UNREADABLE, CacheStatistics::unreadable);
        tell(metricsRegistry, cache, MetricDefinition.CACHE_NOT_STORED, CacheStatistics::notStored);
        tell(metricsRegistry, cache, MetricDefinition.CACHE_ENTRIES, CacheStatistics::entries);
        tell(metricsRegistry, cache, MetricDefinition.CACHE_BYTES, CacheStatistics::bytes);
        metricsRegistry.add(MetricDefinition.CACHE_STALENESS, samples -> samples.add(seconds(cache.staleness())));
        metricsRegistry.add(MetricDefinition.CACHE_CONNECTED, samples -> samples.add(cache.isConnected() ? 1 : 0));
        metricsRegistry.add(MetricDefinition.CACHE_NODES, samples -> samples.add(cache.nodes()));
        metricsRegistry.add(MetricDefinition.CACHE_GAPS, samples -> samples.add(cache.gaps()));
    }

    private static void tell(
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
