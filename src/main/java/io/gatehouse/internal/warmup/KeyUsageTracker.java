package io.gatehouse.internal.warmup;

import io.gatehouse.RedisPurpose;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Script;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Tracks which keys are used most in the whole cluster. Each node counts uses in memory and publishes its hottest keys from time
 * to time.
 *
 * <p>Each region has two keys in Redis: {@code <prefix>:{<application>.u}:<region>}, a sorted set of at most 10,000 keys scored by
 * use, and {@code <prefix>:{<application>.u}:<region>:t}, the time of the last decay. Scores decay exponentially with a half-life
 * of one day, so that recent uses count more. Both keys expire seven days after the last publication.
 *
 * <p>Scripts: {@code usage.lua} publishes (TIME, GET, ZUNIONSTORE, ZREMRANGEBYSCORE, ZINCRBY, ZREMRANGEBYRANK, SET, PEXPIRE,
 * ZCARD), {@code hottest.lua} reads (ZREVRANGE). Thread-safe.
 */
public final class KeyUsageTracker {
    static final int MAX_KEYS = 10_000;

    private static final Script USAGE = Script.load(KeyUsageTracker.class, "usage.lua", false);
    private static final Script HOTTEST = Script.load(KeyUsageTracker.class, "hottest.lua", true);
    private static final Duration HALF_LIFE = Duration.ofDays(1);
    private static final Duration LIFETIME = Duration.ofDays(7);
    /** How many keys a node counts between two publications; further new keys are ignored until the next one. */
    private static final int MAX_COUNTED = 10_000;

    private static final int MAX_PUBLISHED = 1_000;
    private static final int MAX_KEY_LENGTH = 512;

    private final Redis redis;
    private final String prefix;
    private final Map<String, Map<String, LongAdder>> counts = new ConcurrentHashMap<>();

    /** Creates a tracker without counts. */
    public KeyUsageTracker(Redis redis, String keyPrefix, String application) {
        this.redis = redis;
        this.prefix = keyPrefix + ":{" + encoded(application) + ".u}:";
    }

    /** Counts a use of a key in this process; needs no round trip. */
    public void used(String region, String key) {
        Map<String, LongAdder> regionCounts = counts.computeIfAbsent(region, name -> new ConcurrentHashMap<>());
        LongAdder count = regionCounts.get(key);
        if (count == null) {
            if (regionCounts.size() >= MAX_COUNTED || key.length() > MAX_KEY_LENGTH) {
                return;
            }
            count = regionCounts.computeIfAbsent(key, name -> new LongAdder());
        }
        count.increment();
    }

    /**
     * Adds the hottest keys of this node to those of the cluster, and resets the counts of this node. If Redis is unavailable, the
     * counts are kept for the next call. A use that is counted concurrently may be lost. One round trip for each region.
     *
     * @throws RedisUnavailableException if Redis did not answer for at least one region; all regions have been tried
     */
    public void publish() {
        RedisUnavailableException failure = null;
        for (String region : List.copyOf(counts.keySet())) {
            Map<String, LongAdder> regionCounts = counts.remove(region);
            if (regionCounts == null) {
                continue;
            }
            List<Use> uses = hottest(regionCounts);
            try {
                send(region, uses);
            } catch (RedisUnavailableException e) {
                failure = e;
                restore(region, uses);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * Returns the most used keys of a region, in descending order of use. One round trip.
     *
     * @throws RedisUnavailableException if Redis does not answer in time
     */
    public List<String> hottest(String region, int limit) {
        return redis.send(HOTTEST.on(RedisPurpose.CACHE_WARMING)
                .keys(key(region, ""))
                .args(args -> args.number(limit))
                .reply(ReplyReader::texts));
    }

    private record Use(String key, long times) {}

    private static List<Use> hottest(Map<String, LongAdder> regionCounts) {
        return regionCounts.entrySet().stream()
                .map(entry -> new Use(entry.getKey(), entry.getValue().sum()))
                .filter(use -> use.times() > 0)
                .sorted(Comparator.comparingLong(Use::times).reversed())
                .limit(MAX_PUBLISHED)
                .toList();
    }

    private void send(String region, List<Use> uses) {
        if (uses.isEmpty()) {
            return;
        }
        long unused = redis.send(USAGE.on(RedisPurpose.CACHE_WARMING)
                .keys(key(region, ""), key(region, ":t"))
                .args(args -> {
                    args.millis(HALF_LIFE).number(MAX_KEYS).millis(LIFETIME);
                    uses.forEach(use -> args.text(use.key()).number(use.times()));
                })
                .reply(ReplyReader::number));
    }

    private void restore(String region, List<Use> uses) {
        Map<String, LongAdder> regionCounts = counts.computeIfAbsent(region, name -> new ConcurrentHashMap<>());
        for (Use use : uses) {
            regionCounts.computeIfAbsent(use.key(), name -> new LongAdder()).add(use.times());
        }
    }

    private String key(String region, String end) {
        return prefix + encoded(region) + end;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
