package io.gatehouse.internal.cache;

import io.gatehouse.RedisPurpose;
import io.gatehouse.cache.CacheStatistics;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Script;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sums the statistics of all nodes. Each node stores its numbers every {@link #INTERVAL} as a field of one Redis hash, one line
 * for each region; a node that has been silent for four intervals is removed. Script: {@code report.lua} (TIME, HSET, PEXPIRE,
 * HGETALL, HDEL). Thread-safe.
 */
final class ClusterStatistics {
    /** How often a node publishes its numbers. */
    static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final Script REPORT = Script.load(ClusterStatistics.class, "report.lua", true);
    private static final Duration SILENCE = INTERVAL.multipliedBy(4);

    private final Redis redis;
    private final byte[] key;
    private final String node;
    private volatile boolean observer;

    ClusterStatistics(Redis redis, CacheKeys keys, String node) {
        this.redis = redis;
        this.key = keys.statistics();
        this.node = node;
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
        List<String> all = redis.send(REPORT.on(RedisPurpose.CACHE)
                .keys(key)
                .args(args ->
                        args.text(observer ? "" : node).text(text.toString()).millis(SILENCE))
                .reply(ReplyReader::texts));
        Map<String, CacheStatistics> sums = new TreeMap<>();
        for (String report : all) {
            report.lines()
                    .map(RegionNumbers::parse)
                    .forEach(region -> sums.merge(region.region(), region, RegionNumbers::sum));
        }
        return List.copyOf(sums.values());
    }
}
