package io.gatehouse.internal.ops;

import io.gatehouse.GatehouseException;

/** Thrown if a session or run does not exist or no longer exists. The message may be shown to the caller. */
public final class NotFoundException extends GatehouseException {
    private static final long serialVersionUID = 1L;

    NotFoundException(String message) {
        super(message, null);
    }
}
