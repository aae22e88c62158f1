package io.gatehouse.internal.ratelimit;

import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.RedisPurpose;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.redis.Script;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The nodes of the application, as far as this one knows: how many there are is what a limit is divided by while Redis is
 * unavailable. Each node notes itself now and then by {@code nodes.lua} (TIME, ZADD, ZREMRANGEBYSCORE, PEXPIRE, ZCARD) and its application
 * by {@code application.lua} (the same and ZRANGEBYSCORE); the number of the last time holds. {@code living.lua} (TIME, ZCOUNT)
 * counts those of others. Thread-safe.
 */
final class NodeRegistry {
    /** How often a node is to note itself. */
    static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final Script NODES = Script.load(NodeRegistry.class, "nodes.lua", true);
    private static final Script APPLICATION = Script.load(NodeRegistry.class, "application.lua", true);
    private static final Script LIVING = Script.load(NodeRegistry.class, "living.lua", true);
    private static final Duration SILENCE = INTERVAL.multipliedBy(4);
    private static final Duration REMEMBERED = Duration.ofDays(7);

    private final Redis redis;
    private final String keyPrefix;
    private final String application;
    private final String node = UUID.randomUUID().toString();
    private volatile int size = 1;

    NodeRegistry(Redis redis, String keyPrefix, String application) {
        this.redis = redis;
        this.keyPrefix = keyPrefix;
        this.application = application;
    }

    /**
     * Notes this node and counts.
     *
     * @throws io.gatehouse.RedisUnavailableException if that could not be done; the last count holds
     */
    void note() {
        Pipeline pipeline = new Pipeline();
        Response<Integer> nodes = pipeline.add(NODES.on(RedisPurpose.RATE_LIMIT)
                .keys(nodes(application))
                .args(args -> args.text(node).millis(SILENCE))
                .reply(ReplyReader::count));
        Response<List<String>> noted = pipeline.add(applications(application));
        redis.send(pipeline);
        size = Math.max(1, nodes.get());
        noted.get();
    }

    /**
     * The applications that share this Redis, by name; two round trips.
     *
     * @throws io.gatehouse.RedisUnavailableException if Redis cannot say
     */
    List<ApplicationInfo> applications() {
        List<String> namesAndTimes = redis.send(applications(""));
        Pipeline counting = new Pipeline();
        List<Response<Integer>> counts = new ArrayList<>();
        for (int i = 0; i + 1 < namesAndTimes.size(); i += 2) {
            counts.add(counting.add(LIVING.on(RedisPurpose.RATE_LIMIT)
                    .keys(nodes(namesAndTimes.get(i)))
                    .args(args -> args.millis(SILENCE))
                    .reply(ReplyReader::count)));
        }
        redis.send(counting);
        List<ApplicationInfo> known = new ArrayList<>();
        for (int i = 0; i < counts.size(); i++) {
            Instant seen = Instant.ofEpochMilli((long) Double.parseDouble(namesAndTimes.get(2 * i + 1)));
            known.add(
                    new ApplicationInfo(namesAndTimes.get(2 * i), counts.get(i).get(), seen));
        }
        known.sort((a, b) -> a.name().compareTo(b.name()));
        return known;
    }

    private RedisCall<List<String>> applications(String noted) {
        return APPLICATION
                .on(RedisPurpose.RATE_LIMIT)
                .keys(keyPrefix + ":{applications}")
                .args(args -> args.text(noted).millis(REMEMBERED))
                .reply(ReplyReader::texts);
    }

    private String nodes(String of) {
        return keyPrefix + ":{r." + of + "}nodes";
    }

    int size() {
        return size;
    }
}
