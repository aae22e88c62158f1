package io.gatehouse.internal.ratelimit;

import io.gatehouse.internal.rules.RateLimitRule;
import java.time.Duration;

/**
 * How a request stands with one rule.
 *
 * @param rule the rule
 * @param partition what the request counts as there: a keyed hash, the same for the same client, that tells nothing about it
 * @param violated whether there are too few tokens for it, which refuses it if the rule is enforced
 * @param remaining how many tokens are left to it now
 * @param retryAfter how long the request has to wait if it is violated; zero if not
 * @param reset how long until all tokens are there again
 */
public record RuleStatus(
        RateLimitRule rule, String partition, boolean violated, long remaining, Duration retryAfter, Duration reset) {

    /** Whether this rule is a reason to refuse. */
    boolean refuses() {
        return violated && rule.mode() == RateLimitRule.Mode.ENFORCE;
    }
}
