package io.gatehouse.internal.cache;

import io.gatehouse.RedisPurpose;
import io.gatehouse.cache.CacheStatistics;
import io.gatehouse.internal.redis.NodeReports;
import io.gatehouse.internal.redis.Redis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sums the statistics of all nodes, which each store one line for each region in the {@link NodeReports}. Thread-safe.
 */
final class ClusterStatistics {
    /** How often a node publishes its numbers. */
    static final Duration INTERVAL = NodeReports.INTERVAL;

    private final Redis redis;
    private final NodeReports reports;
    private volatile boolean observer;

    ClusterStatistics(Redis redis, CacheKeys keys, String node) {
        this.redis = redis;
        this.reports = new NodeReports(RedisPurpose.CACHE, keys.statistics(), node);
    }

    /** Stops publishing the numbers of this process. */
    void joinAsObserver() {
        observer = true;
    }

    /**
     * Publishes the numbers of this node and returns the sums over all nodes, ordered by region. One round trip.
     *
     * @throws io.gatehouse.RedisUnavailableException if Redis does not answer in time
     */
    List<CacheStatistics> exchange(List<CacheStatistics> local) {
        StringBuilder text = new StringBuilder();
        local.forEach(region -> text.append(RegionNumbers.line(region)).append('\n'));
        List<String> all = redis.send(observer ? reports.read() : reports.exchange(text.toString()));
        Map<String, CacheStatistics> sums = new TreeMap<>();
        for (String report : all) {
            report.lines()
                    .map(RegionNumbers::parse)
                    .forEach(region -> sums.merge(region.region(), region, RegionNumbers::sum));
        }
        return List.copyOf(sums.values());
    }
}
