package io.gatehouse.session;

import io.gatehouse.config.GatehouseException;

/** Thrown when other nodes changed a session again and again before we could; trying the request again will help. */
public final class SessionConflict extends GatehouseException {
    private static final long serialVersionUID = 1L;

    SessionConflict() {
        super("the session was changed elsewhere too often while it was being saved", null);
    }
}
