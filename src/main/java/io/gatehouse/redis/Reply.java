package io.gatehouse.redis;

import io.gatehouse.config.GatehouseException;
import io.gatehouse.redis.RedisUnavailable.Reason;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisDataException;

/** What a call of a flight will have answered once the flight was sent. Belongs to one thread. */
public final class Reply<T> {
    private final Call<T> call;
    private boolean here;
    private @Nullable Object raw;

    Reply(Call<T> call) {
        this.call = call;
    }

    /**
     * The answer.
     *
     * @throws RedisUnavailable if the server could not be reached, did not answer in time or cannot do it now; the call may
     *     or may not have run
     * @throws RedisRejected if the server will never do it
     * @throws IllegalStateException before the flight was sent
     */
    public T value() {
        if (!here) {
            throw new IllegalStateException("the flight was not sent yet");
        }
        if (raw instanceof GatehouseException fault) {
            throw fault;
        }
        try {
            return call.decoder().apply(new ReplyReader(call.operation().name(), raw));
        } catch (ClassCastException | IndexOutOfBoundsException | IllegalArgumentException | NullPointerException e) {
            throw new RedisUnavailable(
                    Reason.UNEXPECTED, "unexpected reply to " + call.operation().name() + ": it cannot be read", e);
        }
    }

    /** Why there is no value, or null if there is one. */
    @Nullable
    GatehouseException fault() {
        return raw instanceof GatehouseException fault ? fault : null;
    }

    void arrived(@Nullable Object answer) {
        raw = answer instanceof JedisDataException e ? Faults.replied(e) : answer;
        here = true;
    }
}
