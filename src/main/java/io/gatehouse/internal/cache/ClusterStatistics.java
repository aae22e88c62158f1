package io.gatehouse.internal.cache;

import io.gatehouse.cache.CacheStatistics;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisPurpose;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Script;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the regions of all nodes have counted. Each node publishes its numbers now and then, one line for each region.
 * Script: {@code report.lua} (TIME, HSET, PEXPIRE, HGETALL, HDEL). Thread-safe.
 */
final class ClusterStatistics {
    /** How often a node publishes its numbers. */
    static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final Script REPORT = Script.load(ClusterStatistics.class, "report.lua", true);
    private static final Duration SILENCE = INTERVAL.multipliedBy(4);

    private final Redis redis;
    private final byte[] key;
    private final String node;
    private volatile boolean visiting;

    ClusterStatistics(Redis redis, CacheKeys keys, String node) {
        this.redis = redis;
        this.key = keys.reports();
        this.node = node;
    }

    /** Publishes nothing of this process from now on. */
    void visit() {
        visiting = true;
    }

    /**
     * Tells what this node has counted, and hears what all have.
     *
     * @return by region, the sum of all nodes
     * @throws io.gatehouse.RedisUnavailableException if Redis cannot say
     */
    List<CacheStatistics> exchange(List<CacheStatistics> ours) {
        StringBuilder text = new StringBuilder();
        ours.forEach(region -> text.append(RegionNumbers.line(region)).append('\n'));
        List<String> all = redis.send(REPORT.on(RedisPurpose.CACHE)
                .keys(key)
                .args(args ->
                        args.text(visiting ? "" : node).text(text.toString()).millis(SILENCE))
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
