package io.gatehouse.internal.session;

import io.gatehouse.GatehouseException;

/** Thrown when other nodes changed a session again and again before we could; trying the request again will help. */
public final class SessionConflictException extends GatehouseException {
    private static final long serialVersionUID = 1L;

    SessionConflictException() {
        super("the session was changed elsewhere too often while it was being saved", null);
    }
}
