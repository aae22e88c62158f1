package io.gatehouse.internal.ops;

import io.gatehouse.GatehouseException;

/** Thrown if an operation needs a feature that is disabled in this application. The message names the setting. */
public final class FeatureDisabledException extends GatehouseException {
    private static final long serialVersionUID = 1L;

    FeatureDisabledException() {
        super(
                "the cache is disabled in this application: GATEHOUSE_CACHE_ENABLED is False; set it to True to use it",
                null);
    }
}
