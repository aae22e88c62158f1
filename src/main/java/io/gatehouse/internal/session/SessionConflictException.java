package io.gatehouse.internal.session;

import io.gatehouse.GatehouseException;

/** Thrown if a save fails because other nodes keep changing the session. The request can be retried. */
public final class SessionConflictException extends GatehouseException {
    private static final long serialVersionUID = 1L;

    SessionConflictException() {
        super("the session was changed by other nodes too often while it was being saved; retry the request", null);
    }
}
