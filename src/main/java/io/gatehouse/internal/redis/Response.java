package io.gatehouse.internal.redis;

import io.gatehouse.GatehouseException;
import io.gatehouse.RedisRejectedException;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.RedisUnavailableException.Reason;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisDataException;

/** The response to one call of a pipeline; complete after the pipeline was sent. Not thread-safe. */
public final class Response<T> {
    private final RedisCall<T> redisCall;
    private boolean complete;
    private @Nullable Object raw;

    Response(RedisCall<T> redisCall) {
        this.redisCall = redisCall;
    }

    /**
     * Returns the decoded value of the reply.
     *
     * @throws RedisUnavailableException if the server was unreachable, did not reply in time or cannot run the call now; the
     *     call may or may not have run
     * @throws RedisRejectedException if the server will never run the call
     * @throws IllegalStateException if the pipeline was not sent yet
     */
    public T get() {
        if (!complete) {
            throw new IllegalStateException("the pipeline was not sent yet");
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

    /** Returns why the call failed, or null if it succeeded. */
    @Nullable
    public GatehouseException fault() {
        return raw instanceof GatehouseException fault ? fault : null;
    }

    /** Sets the reply: a value, an error reply of Redis or a {@link GatehouseException}. */
    public void complete(@Nullable Object answer) {
        raw = answer instanceof JedisDataException e ? ExceptionTranslator.replied(e) : answer;
        complete = true;
    }
}
