package io.gatehouse.internal.cache;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.ScriptArgs;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Notices to all nodes on the channel of the cache, for other parts of Gatehouse, which would need a connection of their own for a channel of
 * their own. A notice is one word. It may be lost, and its sender also receives it. Command: {@code PUBLISH}. Thread-safe.
 *
 * <pre>{@code
 * cache.notices().listen("jobs", jobs.notices()::received);
 * cache.notices().send("jobs"); // PUBLISH gatehouse:shop:cache jobs
 * }</pre>
 */
public final class NodeNotices {
    private final Redis redis;
    private final byte[] channel;
    private final Map<String, Runnable> listeners = new ConcurrentHashMap<>();

    NodeNotices(Redis redis, String channel) {
        this.redis = redis;
        this.channel = ScriptArgs.encode(channel);
    }

    /** Sets what is called at each notice with a name, in the thread of the subscription; it must not block. */
    public void listen(String name, Runnable listener) {
        listeners.put(name, listener);
    }

    /**
     * Sends a notice.
     *
     * @throws io.gatehouse.RedisUnavailableException if Redis does not answer in time
     * @throws io.gatehouse.RedisRejectedException if Redis refuses the command
     */
    public void send(String name) {
        long unused = redis.send(RedisCall.publish(RedisPurpose.CACHE, channel, ScriptArgs.encode(name)));
    }

    /** Calls the listener to a received message, if it is a notice that has one. */
    void received(byte[] message) {
        Runnable listener = listeners.get(new String(message, StandardCharsets.UTF_8));
        if (listener != null) {
            listener.run();
        }
    }
}
