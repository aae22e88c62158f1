package io.gatehouse.web;

import io.gatehouse.config.GatehouseException;

/** Thrown if an operation requires a more recent login. The filter answers 401 if the application does not catch it, and saves nothing. */
public final class RecentAuthRequired extends GatehouseException {
    private static final long serialVersionUID = 1L;

    RecentAuthRequired(String message) {
        super(message, null);
    }
}
