package io.gatehouse.internal.web;

import io.gatehouse.internal.ratelimit.RuleStatus;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.internal.rules.RateLimitRule.Mode;
import io.gatehouse.internal.rules.TestRule;
import java.time.Duration;

/** Creates rules and their statuses for tests. */
final class CounterStatuses {
    static final String PARTITION = "q6urq6urq6ur";

    private CounterStatuses() {}

    static RateLimitRule rule(String name, String level, String limit, long cost, Mode mode) {
        return TestRule.of(name, level, limit).cost(cost).mode(mode).build();
    }

    static RateLimitRule rule(String name, String level, String limit) {
        return rule(name, level, limit, 1, Mode.ENFORCE);
    }

    static RuleStatus left(RateLimitRule rule, long remaining, Duration reset) {
        return new RuleStatus(rule, PARTITION, false, remaining, Duration.ZERO, reset);
    }

    /** Returns the status after the last allowed request. */
    static RuleStatus last(RateLimitRule rule, Duration retryAfter, Duration reset) {
        return new RuleStatus(rule, PARTITION, false, 0, retryAfter, reset);
    }

    static RuleStatus violated(RateLimitRule rule, Duration retryAfter, Duration reset) {
        return new RuleStatus(rule, PARTITION, true, 0, retryAfter, reset);
    }
}
