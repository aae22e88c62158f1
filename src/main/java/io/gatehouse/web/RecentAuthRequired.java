package io.gatehouse.web;

import io.gatehouse.config.GatehouseException;

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
public final class RecentAuthRequired extends GatehouseException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception; called by Gatehouse. */
    public RecentAuthRequired(String message) {
        super(message, null);
    }
}
