package io.gatehouse;

/**
 * Thrown if Redis rejects a call with an error that a later try will not change, for example because the key has another type.
 * Report it: the cause is the configuration, foreign data under the key, or Gatehouse.
 *
 * <pre>{@code
 * try {
 *     rateLimiter.reset("ip", "203.0.113.7");
 * } catch (RedisRejectedException e) {
 *     log.error("unexpected data in Redis: " + e.isWrongType(), e);
 * }
 * }</pre>
 */
public final class RedisRejectedException extends GatehouseException {
    private static final long serialVersionUID = 1L;

    private final boolean wrongType;

    /** Creates the exception; called by Gatehouse. */
    public RedisRejectedException(String message, boolean wrongType, Throwable cause) {
        super(message, cause);
        this.wrongType = wrongType;
    }

    /** Returns whether the key holds a value of another type than the call needs. */
    public boolean isWrongType() {
        return wrongType;
    }
}
