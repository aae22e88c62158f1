package io.gatehouse.web;

import io.gatehouse.config.GatehouseException;
import io.gatehouse.ratelimit.Decision;

/** A method was called more often than a rule allows; the filter answers 429, unless the application catches it. */
public final class RateLimitExceeded extends GatehouseException {
    private static final long serialVersionUID = 1L;

    private final transient Decision decision;

    RateLimitExceeded(String rule, Decision decision) {
        super("more often than the rule " + rule + " allows", null);
        this.decision = decision;
    }

    Decision decision() {
        return decision;
    }
}
