package io.gatehouse;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Thrown if Redis could not execute a call within its deadline. A later try may succeed; {@link #reason} says why this one
 * failed. A write may have taken effect although it is reported as failed. Uncaught, the request is answered 503 with {@code
 * Retry-After}.
 *
 * <pre>{@code
 * try {
 *     cache.put("user:42", user);
 * } catch (RedisUnavailableException e) {
 *     log.warn("not cached: " + e.reason().label());
 * }
 * }</pre>
 */
public final class RedisUnavailableException extends GatehouseException {
    private static final long serialVersionUID = 1L;

    /** The reason, as metrics count it. */
    public enum Reason {
        /** There is no connection, or it broke. */
        UNREACHABLE,
        /** The deadline passed. */
        TIMEOUT,
        /** All connections were in use for too long. */
        EXHAUSTED,
        /** Recent calls failed, so this one was not tried. */
        SUSPENDED,
        /** The server has no memory for writes; reads still work. */
        FULL,
        /** The server is a replica, or a master that lost its replicas or its disk. */
        READ_ONLY,
        /** The password is wrong, or the ACL user lacks a permission. */
        DENIED,
        /** The server loads its data or runs a long script, or the cluster does not serve the slot. */
        BUSY,
        /** The reply has an unknown error or form. */
        UNEXPECTED;

        /** Returns the name in lower case, as in health answers and metrics. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Reason reason;

    /** Creates the exception; called by Gatehouse. */
    public RedisUnavailableException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Returns the reason. */
    public Reason reason() {
        return reason;
    }
}
