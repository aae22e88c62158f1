package io.gatehouse.web;

import io.gatehouse.ratelimit.RateLimitRule;
import io.gatehouse.ratelimit.RateLimitRule.Mode;
import io.gatehouse.ratelimit.Standing;
import io.gatehouse.ratelimit.TestRule;
import java.time.Duration;

/** How requests of tests stand with rules of tests. */
final class Standings {
    static final String PARTITION = "q6urq6urq6ur";

    private Standings() {}

    static RateLimitRule rule(String name, String level, String limit, long cost, Mode mode) {
        return TestRule.of(name, level, limit).cost(cost).mode(mode).build();
    }

    static RateLimitRule rule(String name, String level, String limit) {
        return rule(name, level, limit, 1, Mode.ENFORCE);
    }

    static Standing left(RateLimitRule rule, long remaining, Duration reset) {
        return new Standing(rule, PARTITION, false, remaining, Duration.ZERO, reset);
    }

    /** Enough for the request that asked, and not for another one. */
    static Standing last(RateLimitRule rule, Duration retryAfter, Duration reset) {
        return new Standing(rule, PARTITION, false, 0, retryAfter, reset);
    }

    static Standing violated(RateLimitRule rule, Duration retryAfter, Duration reset) {
        return new Standing(rule, PARTITION, true, 0, retryAfter, reset);
    }
}
