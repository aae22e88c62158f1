package io.gatehouse.internal.cache;

import io.gatehouse.RedisPurpose;
import io.gatehouse.RedisRejectedException;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.redis.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The heartbeat of a node of the cache: it records that the node is alive, counts the live nodes and reads the sequence numbers of
 * all buckets, in one round trip.
 *
 * <p>It is one command. A cluster refuses that, because the buckets are in different slots; from then on the heartbeat reads
 * the numbers with one command for each bucket. Commands: {@code heartbeat.lua} (TIME, ZADD, PEXPIRE, ZREMRANGEBYSCORE, ZCARD,
 * MGET, PUBLISH), {@code MGET}. Thread-safe.
 */
final class NodeHeartbeat {
    private static final Script HEARTBEAT = Script.loadReturningMark(NodeHeartbeat.class, "heartbeat.lua");
    private static final Duration NODE_EXPIRY = InvalidationTracker.INTERVAL.multipliedBy(4);

    private final Redis redis;
    private final CacheKeys keys;
    private final String node;
    private volatile boolean separately;

    /** What Redis answered: the number of live nodes, and the sequence number of each bucket. */
    record Reply(int nodes, long[] numbers) {}

    NodeHeartbeat(Redis redis, CacheKeys keys, String node) {
        this.redis = redis;
        this.keys = keys;
        this.node = node;
    }

    /**
     * Sends the heartbeat.
     *
     * @throws io.gatehouse.RedisUnavailableException if Redis does not answer in time
     * @throws RedisRejectedException if Redis refuses the commands
     */
    Reply send() {
        if (separately) {
            return sendSeparately();
        }
        try {
            return redis.send(call(node, "", CacheKeys.BUCKETS));
        } catch (RedisRejectedException e) {
            Reply reply = sendSeparately();
            separately = true; // only now: a server that refuses both ways may accept the first one later
            return reply;
        }
    }

    private Reply sendSeparately() {
        Pipeline pipeline = new Pipeline();
        Response<Reply> alive = pipeline.add(call(node, "", 0));
        List<Response<Long>> replies = new ArrayList<>();
        for (int bucket = 0; bucket < CacheKeys.BUCKETS; bucket++) {
            replies.add(pipeline.add(RedisCall.mget(
                    RedisPurpose.CACHE,
                    List.of(keys.sequence(bucket)),
                    reply -> reply.list().storedNumber(GapDetector.NONE))));
        }
        redis.send(pipeline);
        return new Reply(
                alive.get().nodes(), replies.stream().mapToLong(Response::get).toArray());
    }

    /**
     * Returns the number of live nodes without recording this one.
     *
     * @throws io.gatehouse.RedisUnavailableException if Redis does not answer in time
     */
    int count() {
        return redis.send(call("", "", 0)).nodes();
    }

    /**
     * Publishes a message on the channel of the cache without recording this node.
     *
     * @throws io.gatehouse.RedisUnavailableException if Redis does not answer in time
     */
    void publish(String message) {
        Reply unused = redis.send(call("", message, 0));
    }

    /** @param buckets how many sequence numbers to read, from the first bucket on */
    private RedisCall<Reply> call(String nodeOrEmpty, String message, int buckets) {
        List<byte[]> names = new ArrayList<>();
        names.add(keys.nodes());
        for (int bucket = 0; bucket < buckets; bucket++) {
            names.add(keys.sequence(bucket));
        }
        return HEARTBEAT
                .on(RedisPurpose.CACHE)
                .keys(names)
                .args(args -> args.text(nodeOrEmpty)
                        .millis(NODE_EXPIRY)
                        .text(keys.channel())
                        .text(message))
                .reply(reply -> reply(reply.list(), buckets));
    }

    private static Reply reply(ReplyReader list, int buckets) {
        int nodes = list.count();
        long[] numbers = new long[buckets];
        for (int bucket = 0; bucket < buckets; bucket++) {
            numbers[bucket] = list.storedNumber(GapDetector.NONE);
        }
        return new Reply(nodes, numbers);
    }
}
