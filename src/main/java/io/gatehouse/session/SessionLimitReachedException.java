package io.gatehouse.session;

import io.gatehouse.GatehouseException;

/**
 * Thrown at login if the user has as many sessions as allowed and none may be evicted. Refuse the login. Uncaught, the request
 * is answered 403.
 *
 * <pre>{@code
 * try {
 *     request.getSession().setAttribute("io.gatehouse.user", user);
 * } catch (SessionLimitReachedException e) {
 *     showPage("too-many-sessions");
 * }
 * }</pre>
 */
public final class SessionLimitReachedException extends GatehouseException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception; called by Gatehouse. */
    public SessionLimitReachedException(int limit) {
        super("the user already has " + limit + " sessions, the maximum", null);
    }
}
