package io.gatehouse.internal.warmup;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisPurpose;
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
 * Which keys are used most, in the whole cluster. Each node counts by itself and now and then publishes its hottest keys.
 *
 * <p>For each region there are {@code <prefix>:{<application>.u}:<region>}, a sorted set of at most 10,000 keys scored by use, and
 * {@code <prefix>:{<application>.u}:<region>:t}, when the scores were last made less: a use counts half after a day. Both live
 * for seven days after the last publication, which is {@code usage.lua} (TIME, GET, ZUNIONSTORE, ZREMRANGEBYSCORE, ZINCRBY, ZREMRANGEBYRANK, SET,
 * PEXPIRE, ZCARD); {@code hottest.lua} (ZREVRANGE) reads. Thread-safe.
 */
public final class KeyUsageTracker {
    static final int KEPT = 10_000;

    private static final Script USAGE = Script.load(KeyUsageTracker.class, "usage.lua", false);
    private static final Script HOTTEST = Script.load(KeyUsageTracker.class, "hottest.lua", true);
    private static final Duration HALF_LIFE = Duration.ofDays(1);
    private static final Duration LIFETIME = Duration.ofDays(7);
    /** Counted by a node between two publications; new keys beyond that are not, until then. */
    private static final int COUNTED = 10_000;

    private static final int PUBLISHED = 1_000;
    private static final int LONGEST_KEY = 512;

    private final Redis redis;
    private final String prefix;
    private final Map<String, Map<String, LongAdder>> counts = new ConcurrentHashMap<>();

    public KeyUsageTracker(Redis redis, String keyPrefix, String application) {
        this.redis = redis;
        this.prefix = keyPrefix + ":{" + encoded(application) + ".u}:";
    }

    /** Counts a use of a key in this process; sends nothing. */
    public void used(String region, String key) {
        Map<String, LongAdder> ofRegion = counts.computeIfAbsent(region, name -> new ConcurrentHashMap<>());
        LongAdder count = ofRegion.get(key);
        if (count == null) {
            if (ofRegion.size() >= COUNTED || key.length() > LONGEST_KEY) {
                return;
            }
            count = ofRegion.computeIfAbsent(key, name -> new LongAdder());
        }
        count.increment();
    }

    /**
     * Adds the hottest keys of this node to those of the cluster and restarts counting. Counts that could not be sent, because
     * Redis was unavailable, are sent the next time; a use at this very moment may not be counted.
     *
     * @throws RedisUnavailableException after the other regions were tried
     */
    public void publish() {
        RedisUnavailableException failure = null;
        for (String region : List.copyOf(counts.keySet())) {
            Map<String, LongAdder> ofRegion = counts.remove(region);
            if (ofRegion == null) {
                continue;
            }
            List<Use> uses = hottest(ofRegion);
            try {
                send(region, uses);
            } catch (RedisUnavailableException e) {
                failure = e;
                takeBack(region, uses);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * The keys of a region that are used most, the most used first.
     *
     * @throws RedisUnavailableException if Redis does not answer
     */
    public List<String> hottest(String region, int most) {
        return redis.send(HOTTEST.on(RedisPurpose.CACHE_WARMING)
                .keys(key(region, ""))
                .args(args -> args.number(most))
                .reply(ReplyReader::texts));
    }

    private record Use(String key, long times) {}

    private static List<Use> hottest(Map<String, LongAdder> ofRegion) {
        return ofRegion.entrySet().stream()
                .map(entry -> new Use(entry.getKey(), entry.getValue().sum()))
                .filter(use -> use.times() > 0)
                .sorted(Comparator.comparingLong(Use::times).reversed())
                .limit(PUBLISHED)
                .toList();
    }

    private void send(String region, List<Use> uses) {
        if (uses.isEmpty()) {
            return;
        }
        long unused = redis.send(USAGE.on(RedisPurpose.CACHE_WARMING)
                .keys(key(region, ""), key(region, ":t"))
                .args(args -> {
                    args.millis(HALF_LIFE).number(KEPT).millis(LIFETIME);
                    uses.forEach(use -> args.text(use.key()).number(use.times()));
                })
                .reply(ReplyReader::number));
    }

    private void takeBack(String region, List<Use> uses) {
        Map<String, LongAdder> ofRegion = counts.computeIfAbsent(region, name -> new ConcurrentHashMap<>());
        for (Use use : uses) {
            ofRegion.computeIfAbsent(use.key(), name -> new LongAdder()).add(use.times());
        }
    }

    private String key(String region, String end) {
        return prefix + encoded(region) + end;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
