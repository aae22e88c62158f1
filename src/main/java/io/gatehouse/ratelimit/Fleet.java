package io.gatehouse.ratelimit;

import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.Redis;
import io.gatehouse.redis.Script;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * The nodes of the application, as far as this one knows: how many there are is what a limit is divided by while Redis is
 * away. Each node notes itself by {@code nodes.lua} (TIME, ZADD, ZREMRANGEBYSCORE, PEXPIRE, ZCARD) now and then; the number of
 * the last time holds. Safe for use by several threads.
 */
final class Fleet {
    /** How often a node is to note itself. */
    static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final Script NODES = Script.beside(Fleet.class, "nodes.lua", true);
    private static final Duration SILENCE = INTERVAL.multipliedBy(4);

    private final Redis redis;
    private final byte[] key;
    private final byte[] node = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
    private volatile int size = 1;

    Fleet(Redis redis, String keyPrefix, String application) {
        this.redis = redis;
        this.key = (keyPrefix + ":{r." + application + "}nodes").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Notes this node and counts.
     *
     * @throws io.gatehouse.redis.RedisUnavailable if that could not be done; the last count holds
     */
    void note() {
        size = redis.send(NODES.call(
                Purpose.RATE_LIMIT,
                List.of(key),
                List.of(node, Long.toString(SILENCE.toMillis()).getBytes(StandardCharsets.US_ASCII)),
                reply -> reply instanceof Long count ? Math.max(1, count.intValue()) : 1));
    }

    int size() {
        return size;
    }
}
