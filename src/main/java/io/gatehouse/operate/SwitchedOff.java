package io.gatehouse.operate;

import io.gatehouse.config.GatehouseException;

/** What was asked for is switched off in this application. The message says by which setting. */
public final class SwitchedOff extends GatehouseException {
    private static final long serialVersionUID = 1L;

    SwitchedOff() {
        super("the cache and its jobs are off in this application: GATEHOUSE_CACHE_ENABLED is False", null);
    }
}
