package io.gatehouse.web;

import io.gatehouse.config.GatehouseException;

/** Thrown when something wants a more recent log-in than there is. Uncaught it is answered with 401, and nothing is stored. */
public final class RecentAuthRequired extends GatehouseException {
    private static final long serialVersionUID = 1L;

    RecentAuthRequired(String message) {
        super(message, null);
    }
}
