package io.gatehouse.ratelimit;

import io.gatehouse.ratelimit.RateLimitRule.Away;
import io.gatehouse.ratelimit.RateLimitRule.Mode;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A builder of rules for tests. Unless a test says otherwise, a rule is for every path, takes one token per request, refuses, and lets
 * requests through while Redis does not answer.
 */
public final class TestRule {
    private final String name;
    private final Level level;
    private final Limit limit;
    private Set<String> methods = Set.of();
    private List<PathPattern> paths = List.of(new PathPattern("/*"));
    private long cost = 1;
    private Mode mode = Mode.ENFORCE;
    private Away onRedisFailure = Away.OPEN;
    private Set<Integer> failures = Set.of();
    private boolean lease;

    private TestRule(String name, Level level, Limit limit) {
        this.name = name;
        this.level = level;
        this.limit = limit;
    }

    public static TestRule of(String name, String level, String limit) {
        return of(name, Level.parse(level), Limit.parse(limit));
    }

    static TestRule of(String name, Level level, Limit limit) {
        return new TestRule(name, level, limit);
    }

    /** Starts with the values of a rule. */
    static TestRule from(RateLimitRule rule) {
        TestRule made = new TestRule(rule.name(), rule.level(), rule.limit());
        made.methods = rule.methods();
        made.paths = rule.paths();
        made.cost = rule.cost();
        made.mode = rule.mode();
        made.onRedisFailure = rule.away();
        made.failures = rule.failures();
        made.lease = rule.lease();
        return made;
    }

    TestRule methods(String... names) {
        methods = Set.of(names);
        return this;
    }

    /** None for every path. */
    TestRule paths(String... patterns) {
        paths = Arrays.stream(patterns).map(PathPattern::new).toList();
        return this;
    }

    public TestRule cost(long tokens) {
        cost = tokens;
        return this;
    }

    public TestRule mode(Mode other) {
        mode = other;
        return this;
    }

    TestRule onRedisFailure(Away other) {
        onRedisFailure = other;
        return this;
    }

    /** Counts only answers with these statuses. */
    TestRule failures(Integer... statuses) {
        failures = Set.of(statuses);
        return this;
    }

    TestRule lease() {
        lease = true;
        return this;
    }

    public RateLimitRule build() {
        return new RateLimitRule(name, methods, paths, level, limit, cost, mode, onRedisFailure, failures, lease);
    }
}
