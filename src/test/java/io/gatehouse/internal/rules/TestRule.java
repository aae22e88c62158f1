package io.gatehouse.internal.rules;

import io.gatehouse.internal.rules.RateLimitRule.Lease;
import io.gatehouse.internal.rules.RateLimitRule.Mode;
import io.gatehouse.internal.rules.RateLimitRule.OnRedisFailure;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A builder of rules for tests. By default a rule matches every path, costs one token, is enforced, and allows
 * requests while Redis is unavailable.
 */
public final class TestRule {
    private final String name;
    private final KeyExpression keyExpression;
    private final Limit limit;
    private Set<String> methods = Set.of();
    private List<PathPattern> paths = List.of(new PathPattern("/*"));
    private Set<String> endpoints = Set.of();
    private RoleCondition when = RoleCondition.ALWAYS;
    private long cost = 1;
    private Mode mode = Mode.ENFORCE;
    private OnRedisFailure onRedisFailure = OnRedisFailure.OPEN;
    private Set<Integer> failures = Set.of();
    private Lease lease = Lease.AUTO;

    private TestRule(String name, KeyExpression keyExpression, Limit limit) {
        this.name = name;
        this.keyExpression = keyExpression;
        this.limit = limit;
    }

    public static TestRule of(String name, String level, String limit) {
        return of(name, KeyExpression.parse(level), Limit.parse(limit));
    }

    static TestRule of(String name, KeyExpression keyExpression, Limit limit) {
        return new TestRule(name, keyExpression, limit);
    }

    /** Starts with the values of a rule. */
    public static TestRule from(RateLimitRule rule) {
        TestRule made = new TestRule(rule.name(), rule.level(), rule.limit());
        made.methods = rule.methods();
        made.paths = rule.paths();
        made.endpoints = rule.endpoints();
        made.when = rule.when();
        made.cost = rule.cost();
        made.mode = rule.mode();
        made.onRedisFailure = rule.onRedisFailure();
        made.failures = rule.failures();
        made.lease = rule.lease();
        return made;
    }

    TestRule methods(String... names) {
        methods = Set.of(names);
        return this;
    }

    /** No path matches every path. */
    public TestRule paths(String... patterns) {
        paths = Arrays.stream(patterns).map(PathPattern::new).toList();
        return this;
    }

    /** Matches only checks in code with these names. */
    public TestRule endpoints(String... names) {
        endpoints = Set.of(names);
        paths = List.of();
        return this;
    }

    /** Applies to callers with these roles. */
    public TestRule when(String condition) {
        when = RoleCondition.parse(condition);
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

    public TestRule onRedisFailure(OnRedisFailure other) {
        onRedisFailure = other;
        return this;
    }

    /** Counts only responses with these statuses. */
    public TestRule failures(Integer... statuses) {
        failures = Set.of(statuses);
        return this;
    }

    /** Takes tokens in advance, or not. */
    public TestRule lease(Lease other) {
        lease = other;
        return this;
    }

    public RateLimitRule build() {
        return new RateLimitRule(
                name,
                methods,
                paths,
                endpoints,
                when,
                keyExpression,
                limit,
                cost,
                mode,
                onRedisFailure,
                failures,
                lease,
                false);
    }
}
