package io.gatehouse.internal.ops;

import io.gatehouse.GatehouseException;

/** What was asked for is switched off in this application. The message says by which setting. */
public final class FeatureDisabledException extends GatehouseException {
    private static final long serialVersionUID = 1L;

    FeatureDisabledException() {
        super("the cache and its jobs are off in this application: GATEHOUSE_CACHE_ENABLED is False", null);
    }
}
