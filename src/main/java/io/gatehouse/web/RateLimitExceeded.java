package io.gatehouse.web;

import io.gatehouse.config.GatehouseException;
import io.gatehouse.ratelimit.Decision;

/** Thrown if a method is called more often than a rate limit rule allows. The filter answers 429 if the application does not catch it. */
public final class RateLimitExceeded extends GatehouseException {
    private static final long serialVersionUID = 1L;

    private final transient Decision decision;

    RateLimitExceeded(String rule, Decision decision) {
        super("the rate limit of the rule " + rule + " is exceeded", null);
        this.decision = decision;
    }

    Decision decision() {
        return decision;
    }
}
