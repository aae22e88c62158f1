package io.gatehouse.internal.redis;

import io.gatehouse.GatehouseException;
import io.gatehouse.RedisRejectedException;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.RedisUnavailableException.Reason;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisDataException;

/** What a call of a flight will have answered once the flight was sent. Belongs to one thread. */
public final class Response<T> {
    private final RedisCall<T> redisCall;
    private boolean here;
    private @Nullable Object raw;

    Response(RedisCall<T> redisCall) {
        this.redisCall = redisCall;
    }

    /**
     * The answer.
     *
     * @throws RedisUnavailableException if the server could not be reached, did not answer in time or cannot do it now; the call may
     *     or may not have run
     * @throws RedisRejectedException if the server will never do it
     * @throws IllegalStateException before the flight was sent
     */
    public T get() {
        if (!here) {
            throw new IllegalStateException("the flight was not sent yet");
        }
        if (raw instanceof GatehouseException fault) {
            throw fault;
        }
        try {
            return redisCall
                    .decoder()
                    .apply(new ReplyReader(redisCall.operation().name(), raw));
        } catch (ClassCastException | IndexOutOfBoundsException | IllegalArgumentException | NullPointerException e) {
            throw new RedisUnavailableException(
                    Reason.UNEXPECTED,
                    "unexpected reply to " + redisCall.operation().name() + ": it cannot be read",
                    e);
        }
    }

    /** Why there is no value, or null if there is one. */
    @Nullable
    public GatehouseException fault() {
        return raw instanceof GatehouseException fault ? fault : null;
    }

    public void complete(@Nullable Object answer) {
        raw = answer instanceof JedisDataException e ? ExceptionTranslator.replied(e) : answer;
        here = true;
    }
}
