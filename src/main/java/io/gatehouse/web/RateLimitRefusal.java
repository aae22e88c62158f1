package io.gatehouse.web;

import io.gatehouse.ratelimit.Decisions;
import io.gatehouse.ratelimit.LimitDecision;

/** The exception of a refused call, with what its response needs to know of the rules. */
final class RateLimitRefusal extends RateLimitExceeded {
    private static final long serialVersionUID = 1L;

    private final transient LimitDecision refusal;

    RateLimitRefusal(String rules, LimitDecision refusal) {
        super(rules, Decisions.of(refusal));
        this.refusal = refusal;
    }

    LimitDecision refusal() {
        return refusal;
    }
}
