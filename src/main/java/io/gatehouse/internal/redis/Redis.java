package io.gatehouse.internal.redis;

import io.gatehouse.RedisRejectedException;
import io.gatehouse.RedisUnavailableException;
import java.util.List;

/** The port to Redis: flights go out, health comes back. Safe for use by several threads. */
public interface Redis {

    /**
     * Sends all calls of a flight and waits for all replies, no longer than the deadline. Never throws for a server that is
     * away: each {@link Response} tells what became of its call.
     */
    void send(Pipeline pipeline);

    /**
     * Sends one call alone.
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
     * Listens to a channel from now on ({@code SUBSCRIBE}), over a connection and on a thread of its own, until it is closed.
     * Returns at once, also while the server is away: it connects, and connects again, as long as it takes.
     */
    Subscription subscribe(RedisPurpose redisPurpose, String channel, ChannelListener listener);

    /**
     * Removes every key that matches a glob pattern, in the database of the purpose and on all masters of a cluster
     * ({@code SCAN}, {@code UNLINK}). Takes as long as it needs, in steps that each have the usual deadline.
     *
     * @return how many went
     * @throws RedisUnavailableException as {@link #send(Call)}; its message says so if some may be gone already
     */
    long deleteByPattern(RedisPurpose redisPurpose, byte[] pattern);

    /** How the server of a purpose was when last looked at; never asks it. */
    RedisHealth health(RedisPurpose redisPurpose);

    /**
     * What the servers of a purpose said about themselves when last looked at, one for each master; never asks them. Empty
     * before the first look and where the ACL does not let us ask.
     */
    List<ServerInfo> facts(RedisPurpose redisPurpose);
}
