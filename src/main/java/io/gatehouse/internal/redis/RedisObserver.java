package io.gatehouse.internal.redis;

import io.gatehouse.GatehouseException;
import org.jspecify.annotations.Nullable;

/**
 * What wants to know how long exchanges with Redis take and what becomes of them. Called in the thread that waited, by several
 * at once, and has to be quick; what it throws is logged and goes no further.
 */
@FunctionalInterface
public interface RedisObserver {
    /** Wants to know nothing. */
    RedisObserver NONE = (redisPurpose, operation, nanos, fault) -> {};

    /**
     * An exchange is over.
     *
     * @param redisPurpose of the first of the calls that travelled together
     * @param operation its script or command
     * @param fault why not all calls were answered, or null if they were
     */
    void exchanged(RedisPurpose redisPurpose, String operation, long nanos, @Nullable GatehouseException fault);
}
