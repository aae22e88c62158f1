package io.gatehouse.internal.ratelimit;

import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.ratelimit.CounterStatus;
import java.time.Duration;

/**
 * The status of one rule for one request. Immutable.
 *
 * @param rule the rule
 * @param partition the keyed hash that names the counter: equal for equal clients, and reveals nothing about them
 * @param violated whether the counter has too few tokens for the request; the request is refused if the rule is enforced
 * @param remaining the number of tokens left
 * @param retryAfter the time until there are enough tokens; zero unless the rule is violated
 * @param reset the time until all tokens are available again
 */
public record RuleStatus(
        RateLimitRule rule, String partition, boolean violated, long remaining, Duration retryAfter, Duration reset) {

    /** Returns the status as applications see it. */
    CounterStatus toCounterStatus() {
        return new CounterStatus(
                rule.name(),
                partition,
                rule.limit().capacity(),
                remaining,
                violated,
                rule.mode() == RateLimitRule.Mode.ENFORCE,
                retryAfter,
                reset);
    }

    /** Returns whether this rule is a reason to refuse the request. */
    boolean refuses() {
        return violated && rule.mode() == RateLimitRule.Mode.ENFORCE;
    }
}
