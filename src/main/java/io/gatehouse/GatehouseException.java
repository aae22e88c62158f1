package io.gatehouse;

import org.jspecify.annotations.Nullable;

/**
 * The root of all exceptions that Gatehouse throws; unchecked. Messages never contain a secret, a cookie or a session id.
 *
 * <pre>{@code
 * try {
 *     sessions.terminateUserSessions("user123", null);
 * } catch (GatehouseException e) {
 *     log.error("sessions not terminated: " + e.getMessage());
 * }
 * }</pre>
 */
public abstract class GatehouseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception; called by subclasses. */
    public GatehouseException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
