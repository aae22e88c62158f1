package io.gatehouse.internal.redis;

import io.gatehouse.RedisPurpose;
import io.gatehouse.RedisRejectedException;
import io.gatehouse.RedisUnavailableException;
import java.util.List;
import java.util.function.Predicate;

/** Sends pipelines of calls to Redis and reports its health. Thread-safe. */
public interface Redis {

    /**
     * Sends all calls of a pipeline and waits for all replies until the deadline. Never throws if a server is unavailable:
     * each {@link Response} reports the outcome of its call.
     */
    void send(Pipeline pipeline);

    /**
     * Sends a single call.
     *
     * @throws RedisUnavailableException as {@link Response#get}
     * @throws RedisRejectedException as {@link Response#get}
     */
    default <T> T send(RedisCall<T> redisCall) {
        Pipeline pipeline = new Pipeline();
        Response<T> response = pipeline.add(redisCall);
        send(pipeline);
        return response.get();
    }

    /**
     * Subscribes to a channel ({@code SUBSCRIBE}) over a separate connection and thread, until the subscription is closed.
     * Returns at once, even while the server is unavailable: the subscription connects in the background and reconnects after
     * every loss.
     */
    Subscription subscribe(RedisPurpose redisPurpose, String channel, ChannelListener listener);

    /**
     * Removes every key that matches a glob pattern, in the database of the purpose and on all masters of a cluster ({@code
     * SCAN}, {@code UNLINK}). The whole has no deadline; each of its steps has the usual one.
     *
     * @return the number of keys removed
     * @throws RedisUnavailableException as {@link #send(RedisCall)}; its message says if some keys may be removed already
     */
    long deleteByPattern(RedisPurpose redisPurpose, byte[] pattern);

    /**
     * Reads the names of the keys that match a glob pattern, page by page, in the database of the purpose and on all masters of a
     * cluster ({@code SCAN}). A key can occur more than once; a key that is written meanwhile can be missing. The whole has no deadline;
     * each page has the usual one.
     *
     * @param reader receives each page, which may be empty; returns whether to go on
     * @throws RedisUnavailableException as {@link #send(RedisCall)}
     */
    void scan(RedisPurpose redisPurpose, byte[] pattern, Predicate<List<byte[]>> reader);

    /** Returns the state of a purpose's server as the last probe found it. Sends nothing. */
    RedisHealth health(RedisPurpose redisPurpose);

    /**
     * Returns what the servers of a purpose reported at the last probe, one entry for each master. Empty before the first
     * probe and if the ACL forbids {@code INFO}. Sends nothing.
     */
    List<ServerInfo> serverInfo(RedisPurpose redisPurpose);
}
