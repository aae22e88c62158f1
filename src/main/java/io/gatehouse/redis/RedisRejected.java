package io.gatehouse.redis;

import io.gatehouse.config.GatehouseException;

/** Thrown when Redis answered a call with an error that trying again does not mend, such as a key of another type. */
public final class RedisRejected extends GatehouseException {
    private static final long serialVersionUID = 1L;

    RedisRejected(String message, Throwable cause) {
        super(message, cause);
    }
}
