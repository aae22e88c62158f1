package io.gatehouse.jobs;

import io.gatehouse.config.GatehouseException;

/** Thrown in a work that is to stop; it should let it pass. */
public final class JobCancelled extends GatehouseException {
    private static final long serialVersionUID = 1L;

    JobCancelled(String message) {
        super(message, null);
    }
}
