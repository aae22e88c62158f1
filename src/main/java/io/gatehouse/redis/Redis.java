package io.gatehouse.redis;

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

    /** How the server of a purpose was when last looked at; never asks it. */
    RedisHealth health(Purpose purpose);
}
