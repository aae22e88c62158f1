package io.gatehouse.redis;

import io.gatehouse.config.GatehouseException;
import org.jspecify.annotations.Nullable;

/**
 * What wants to know how long exchanges with Redis take and what becomes of them. Called in the thread that waited, by several
 * at once, and has to be quick; what it throws is logged and goes no further.
 */
@FunctionalInterface
public interface RedisObserver {
    /** Wants to know nothing. */
    RedisObserver NONE = (purpose, operation, nanos, fault) -> {};

    /**
     * An exchange is over.
     *
     * @param purpose of the first of the calls that travelled together
     * @param operation its script or command
     * @param fault why not all calls were answered, or null if they were
     */
    void exchanged(Purpose purpose, String operation, long nanos, @Nullable GatehouseException fault);
}
