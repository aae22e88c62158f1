package io.gatehouse.operate;

import io.gatehouse.config.GatehouseException;

/** What was asked for does not exist, or not any more. The message may be shown to whoever asked. */
public final class NotThere extends GatehouseException {
    private static final long serialVersionUID = 1L;

    NotThere(String message) {
        super(message, null);
    }
}
