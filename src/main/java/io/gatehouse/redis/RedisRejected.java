package io.gatehouse.redis;

import io.gatehouse.config.GatehouseException;

/** Thrown when Redis answers a call with an error that it gives again next time, such as for a key of another type. */
public final class RedisRejected extends GatehouseException {
    private static final long serialVersionUID = 1L;

    private final boolean wrongType;

    RedisRejected(String message, boolean wrongType, Throwable cause) {
        super(message, cause);
        this.wrongType = wrongType;
    }

    /** Whether what is stored under the key is the reason: it has another type than the call needs. */
    public boolean isWrongType() {
        return wrongType;
    }
}
