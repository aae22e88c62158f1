package io.gatehouse.jobs;

import io.gatehouse.config.GatehouseException;

/** Thrown when the queue is full; later there may be room. */
public final class JobRefused extends GatehouseException {
    private static final long serialVersionUID = 1L;

    JobRefused(String message) {
        super(message, null);
    }
}
