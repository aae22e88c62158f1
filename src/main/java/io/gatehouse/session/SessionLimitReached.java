package io.gatehouse.session;

import io.gatehouse.config.GatehouseException;

/** Thrown when a user has as many sessions as allowed and none is to go for another; the log-in is to be refused. */
public final class SessionLimitReached extends GatehouseException {
    private static final long serialVersionUID = 1L;

    SessionLimitReached(int most) {
        super("the user has " + most + " sessions already, as many as allowed", null);
    }
}
