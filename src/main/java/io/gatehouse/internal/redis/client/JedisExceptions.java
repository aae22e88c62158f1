package io.gatehouse.internal.redis.client;

import io.gatehouse.RedisUnavailableException;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/** Turns failures of Gatehouse into the exceptions that users of Jedis handle. */
final class JedisExceptions {
    private JedisExceptions() {}

    /** Returns the exception of Jedis behind a failure; without one, a {@link JedisConnectionException} with the same message. */
    static JedisException of(RedisUnavailableException failure) {
        return failure.getCause() instanceof JedisException known
                ? known
                : new JedisConnectionException(failure.getMessage(), failure);
    }

    /**
     * Returns a reply.
     *
     * @throws JedisException if the reply is an error, or if there is none
     */
    static @Nullable Object require(@Nullable Object reply) {
        if (reply instanceof RedisUnavailableException failure) {
            throw of(failure);
        }
        if (reply instanceof JedisException error) {
            throw error;
        }
        return reply;
    }
}
