package io.gatehouse.redis;

import java.util.List;

/** The port to Redis: flights go out, health comes back. Safe for use by several threads. */
public interface Redis {

    /**
     * Sends all calls of a flight and waits for all replies, no longer than the deadline. Never throws for a server that is
     * away: each {@link Reply} tells what became of its call.
     */
    void send(Flight flight);

    /**
     * Sends one call alone.
     *
     * @throws RedisUnavailable as {@link Reply#value}
     * @throws RedisRejected as {@link Reply#value}
     */
    default <T> T send(Call<T> call) {
        Flight flight = new Flight();
        Reply<T> reply = flight.add(call);
        send(flight);
        return reply.value();
    }

    /**
     * Listens to a channel from now on ({@code SUBSCRIBE}), over a connection and on a thread of its own, until it is closed.
     * Returns at once, also while the server is away: it connects, and connects again, as long as it takes.
     */
    Subscription subscribe(Purpose purpose, String channel, ChannelListener listener);

    /**
     * Removes every key that matches a glob pattern, in the database of the purpose and on all masters of a cluster
     * ({@code SCAN}, {@code UNLINK}). Takes as long as it needs, in steps that each have the usual deadline.
     *
     * @return how many went
     * @throws RedisUnavailable as {@link #send(Call)}; its message says so if some may be gone already
     */
    long unlink(Purpose purpose, byte[] pattern);

    /** How the server of a purpose was when last looked at; never asks it. */
    RedisHealth health(Purpose purpose);

    /**
     * What the servers of a purpose said about themselves when last looked at, one for each master; never asks them. Empty
     * before the first look and where the ACL does not let us ask.
     */
    List<ServerFacts> facts(Purpose purpose);
}
