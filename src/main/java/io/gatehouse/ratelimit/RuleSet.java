package io.gatehouse.ratelimit;

import java.util.List;

/** Stand-in until the real one is merged. */
public record RuleSet(List<RateLimitRule> rules) {
    List<RateLimitRule> matching(String method, String path) {
        return rules.stream().filter(rule -> rule.matches(method, path)).toList();
    }
}
