package io.gatehouse.internal.rules;

import java.util.List;
import java.util.Set;

/**
 * One rule: which requests it is for, what it counts by, and how much of that is allowed. Immutable; checked when it is made.
 *
 * @param name what people, headers and statistics call it
 * @param methods HTTP methods it is for, in upper case; empty for all
 * @param paths patterns of paths it is for, as in a servlet mapping
 * @param level what it counts by
 * @param limit how much is allowed
 * @param cost how many tokens a request takes
 * @param mode whether it refuses
 * @param away what happens while Redis does not answer
 * @param failures statuses of the answers that count; empty if every request counts
 * @param lease whether nodes take tokens in advance, so that most requests need not ask
 * @param countsSessions whether the creation of sessions counts, and no request does
 */
public record RateLimitRule(
        String name,
        Set<String> methods,
        List<PathPattern> paths,
        KeyExpression level,
        Limit limit,
        long cost,
        Mode mode,
        OnRedisFailure away,
        Set<Integer> failures,
        boolean lease,
        boolean countsSessions) {

    /** Whether a rule refuses. */
    public enum Mode {
        /** It refuses. */
        ENFORCE,
        /** It counts and is told of, and refuses nothing. */
        DRY_RUN
    }

    /** What a rule does while Redis does not answer. */
    public enum OnRedisFailure {
        /** It lets everything through. */
        OPEN,
        /** It refuses everything. */
        CLOSED,
        /** It counts on this node alone, with the limit divided by the nodes that were last seen. */
        LOCAL
    }

    public RateLimitRule {
        methods = Set.copyOf(methods);
        paths = List.copyOf(paths);
        failures = Set.copyOf(failures);
        if (!name.matches("[a-z0-9][a-z0-9_.-]{0,63}")) {
            throw new IllegalArgumentException("a name of lower case letters, digits and . _ -");
        }
        if (cost < 1 || cost > limit.capacity()) {
            throw new IllegalArgumentException(
                    "a cost from 1 to " + limit.capacity() + ", which is all there is at once");
        }
        if (countsSessions && (lease || !failures.isEmpty())) {
            throw new IllegalArgumentException("neither a lease nor failures where sessions count");
        }
        if (lease && !failures.isEmpty()) {
            throw new IllegalArgumentException("no lease where only failures count");
        }
        if (lease && level.parts().stream().anyMatch(part -> !shared(part.kind()))) {
            throw new IllegalArgumentException("a lease only for the levels endpoint and global");
        }
    }

    /** A rule that counts requests. */
    public RateLimitRule(
            String name,
            Set<String> methods,
            List<PathPattern> paths,
            KeyExpression level,
            Limit limit,
            long cost,
            Mode mode,
            OnRedisFailure away,
            Set<Integer> failures,
            boolean lease) {
        this(name, methods, paths, level, limit, cost, mode, away, failures, lease, false);
    }

    private static boolean shared(KeyExpression.KeyPart keyPart) {
        return keyPart == KeyExpression.KeyPart.ENDPOINT || keyPart == KeyExpression.KeyPart.GLOBAL;
    }

    /** Whether only failures count. */
    public boolean countsFailures() {
        return !failures.isEmpty();
    }

    /** Whether it counts by user, alone or with others. */
    public boolean countsUsers() {
        return level.has(KeyExpression.KeyPart.USER);
    }

    /** Whether it is for every path. */
    public boolean isForEveryPath() {
        return paths.isEmpty()
                || paths.stream().anyMatch(pattern -> pattern.text().equals("/*"));
    }

    /** Whether it is for a path, or for what an application calls one. */
    public boolean matches(String path) {
        return isForEveryPath() || paths.stream().anyMatch(pattern -> pattern.matches(path));
    }

    /** What stands for a path where endpoints are counted: the first pattern that it meets, else the path itself. */
    public String endpoint(String path) {
        return paths.stream()
                .filter(pattern -> pattern.matches(path) && !pattern.text().equals("/*"))
                .map(PathPattern::text)
                .findFirst()
                .orElse(path);
    }
}
