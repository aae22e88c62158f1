package io.gatehouse.redis;

import io.gatehouse.config.GatehouseException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Thrown when Redis did not do its work; trying again later may help, the caller decides what to do until then. */
public final class RedisUnavailable extends GatehouseException {
    private static final long serialVersionUID = 1L;

    /** Why, as metrics count it. */
    public enum Reason {
        /** No connection, or it broke. */
        UNREACHABLE(true),
        /** The deadline passed. */
        TIMEOUT(true),
        /** All connections were in use for too long. */
        EXHAUSTED(true),
        /** Recent failures; not even tried. */
        SUSPENDED(false),
        /** The server has no memory left to write; reading still works. */
        FULL(false),
        /** A replica, or a master that lost its replicas or its disk. */
        READ_ONLY(true),
        /** Wrong password, or an ACL user that may not do this. */
        DENIED(true),
        /** Loading its data, running a long script, or a cluster without this slot. */
        BUSY(true),
        /** An answer that the call cannot have: an unknown error, or a reply of another form. */
        UNEXPECTED(false);

        private final boolean serverFailure;

        Reason(boolean serverFailure) {
            this.serverFailure = serverFailure;
        }

        /** The name in health answers and metrics. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether the circuit breaker counts it. */
        boolean isServerFailure() {
            return serverFailure;
        }
    }

    private final Reason reason;

    RedisUnavailable(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** What was written may be lost in a failover: fewer replicas than wanted have it. */
    public static RedisUnavailable unconfirmed(int confirmations, int wanted) {
        return new RedisUnavailable(
                Reason.READ_ONLY,
                "only " + confirmations + " of the " + wanted + " replicas wanted have confirmed a change in time",
                null);
    }

    public Reason reason() {
        return reason;
    }
}
