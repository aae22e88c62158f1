package io.gatehouse.redis;

import io.gatehouse.config.GatehouseException;
import io.gatehouse.redis.RedisUnavailable.Reason;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisDataException;

/** What a call of a flight will have answered once the flight was sent. Belongs to one thread. */
public final class Reply<T> {
    private final Function<@Nullable Object, T> decoder;
    private boolean here;
    private @Nullable Object raw;

    Reply(Function<@Nullable Object, T> decoder) {
        this.decoder = decoder;
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
            return decoder.apply(raw);
        } catch (ClassCastException | IndexOutOfBoundsException | IllegalArgumentException | NullPointerException e) {
            throw new RedisUnavailable(Reason.UNEXPECTED, "Redis sent a reply of another form than the call has", e);
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
