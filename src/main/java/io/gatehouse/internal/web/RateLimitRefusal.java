package io.gatehouse.internal.web;

import io.gatehouse.internal.ratelimit.LimitDecision;
import io.gatehouse.ratelimit.RateLimitExceededException;

/** The exception for a refused call. It carries the decision, from which the response is written. */
final class RateLimitRefusal extends RateLimitExceededException {
    private static final long serialVersionUID = 1L;

    private final transient LimitDecision refusal;

    RateLimitRefusal(String rules, LimitDecision refusal) {
        super(rules, refusal.toDecision());
        this.refusal = refusal;
    }

    LimitDecision refusal() {
        return refusal;
    }
}
