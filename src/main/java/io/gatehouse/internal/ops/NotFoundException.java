package io.gatehouse.internal.ops;

import io.gatehouse.GatehouseException;

/** What was asked for does not exist, or not any more. The message may be shown to whoever asked. */
public final class NotFoundException extends GatehouseException {
    private static final long serialVersionUID = 1L;

    NotFoundException(String message) {
        super(message, null);
    }
}
