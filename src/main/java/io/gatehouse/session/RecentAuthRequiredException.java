package io.gatehouse.session;

import io.gatehouse.GatehouseException;

/**
 * Thrown if an operation requires a more recent authentication than the session has. Uncaught, the request is answered 401 and
 * nothing is stored.
 *
 * <pre>{@code
 * try {
 *     Authentication.of(request).requireRecentAuth(Duration.ofMinutes(5));
 * } catch (RecentAuthRequiredException e) {
 *     response.sendRedirect("/login?again");
 * }
 * }</pre>
 */
public final class RecentAuthRequiredException extends GatehouseException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception; called by Gatehouse. */
    public RecentAuthRequiredException(String message) {
        super(message, null);
    }
}
