package io.gatehouse.internal.redis;

import io.gatehouse.GatehouseException;
import io.gatehouse.RedisPurpose;
import org.jspecify.annotations.Nullable;

/**
 * Receives the duration and outcome of every exchange with Redis. Called on the thread that waited for the exchange, by
 * several threads at once. Implementations must be thread-safe and quick; what they throw is logged and ignored.
 */
@FunctionalInterface
public interface RedisObserver {
    /** Ignores every exchange. */
    RedisObserver NONE = (redisPurpose, operation, nanos, fault) -> {};

    /**
     * An exchange has ended.
     *
     * @param redisPurpose the purpose of the first call of the pipeline
     * @param operation the script or command of that call
     * @param nanos how long the exchange took
     * @param fault the first failure, or null if all calls succeeded
     */
    void exchanged(RedisPurpose redisPurpose, String operation, long nanos, @Nullable GatehouseException fault);

    /** Returns whether {@link #exchanged(Exchange)} must be called as well. */
    default boolean wantsDetails() {
        return false;
    }

    /** An exchange has ended. Called after the other method, if details are wanted. */
    default void exchanged(Exchange exchange) {}

    /** Returns an exchange that another thread will run as part of what the current thread does. */
    default Runnable inContext(Runnable exchange) {
        return exchange;
    }
}
