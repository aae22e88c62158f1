package io.gatehouse.internal.rules;

import java.util.List;
import java.util.Set;

/**
 * A rate-limit rule: the requests that it matches, what it counts by, and its limit. Immutable; the constructor checks all values.
 *
 * @param name the name in headers and statistics
 * @param methods the HTTP methods that the rule matches, in upper case; empty for all
 * @param paths the path patterns that the rule matches, as in a servlet mapping; if empty, all paths, or none if there are endpoints
 * @param endpoints the names that the rule matches in checks by the application, {@code *} for every name; none starts with a slash
 * @param when the roles of the caller on which the rule depends
 * @param level what the rule counts by
 * @param limit the limit of each counter
 * @param cost the number of tokens that a request takes
 * @param mode whether the rule refuses requests
 * @param onRedisFailure what the rule does while Redis is unavailable
 * @param failures the response statuses that count; empty if every request counts
 * @param lease whether nodes take tokens in advance, so that most requests need no call to Redis
 * @param countsSessions whether the rule counts the creation of sessions instead of requests
 */
public record RateLimitRule(
        String name,
        Set<String> methods,
        List<PathPattern> paths,
        Set<String> endpoints,
        RoleCondition when,
        KeyExpression level,
        Limit limit,
        long cost,
        Mode mode,
        OnRedisFailure onRedisFailure,
        Set<Integer> failures,
        Lease lease,
        boolean countsSessions) {

    /** The endpoint that stands for every name. */
    public static final String EVERY_NAME = "*";

    /** Whether a rule refuses. */
    public enum Mode {
        /** The rule refuses requests beyond its limit. */
        ENFORCE,
        /** The rule counts and reports, and refuses nothing. */
        DRY_RUN
    }

    /** What a rule does while Redis is unavailable. */
    public enum OnRedisFailure {
        /** Allow every request. */
        OPEN,
        /** Refuse every request. */
        CLOSED,
        /** Count on this node alone, with the limit divided by the number of nodes that were last counted. */
        LOCAL
    }

    /** Whether nodes take tokens in advance. */
    public enum Lease {
        /** Where the limit is large, and as much as earlier use justifies. */
        AUTO,
        /** Always a node's whole share at once. */
        ALWAYS,
        /** Never: every request is decided in Redis. */
        NEVER
    }

    /** All nodes together hold at most this part of the capacity. */
    private static final int PREFETCHED_PART = 20;

    /** A limit is large if the share of one node is enough for this many requests. */
    private static final int LARGE_SHARE = 10;

    public RateLimitRule {
        methods = Set.copyOf(methods);
        paths = List.copyOf(paths);
        endpoints = Set.copyOf(endpoints);
        failures = Set.copyOf(failures);
        if (!name.matches("[a-z0-9][a-z0-9_.-]{0,63}")) {
            throw new IllegalArgumentException("a name of lower case letters, digits and . _ -");
        }
        if (cost < 1 || cost > limit.capacity()) {
            throw new IllegalArgumentException("a cost from 1 to " + limit.capacity() + ", the capacity of the limit");
        }
        if (!endpoints.stream().allMatch(RateLimitRule::isEndpointName)) {
            throw new IllegalArgumentException(
                    "names of endpoints without spaces and without a slash at the start, or *");
        }
        if (!endpoints.isEmpty() && (countsSessions || !failures.isEmpty())) {
            throw new IllegalArgumentException(
                    "neither failures nor sessions in a rule with endpoints, because a check has no response");
        }
        if (countsSessions && (lease == Lease.ALWAYS || !failures.isEmpty())) {
            throw new IllegalArgumentException("neither a lease nor failures in a rule that counts sessions");
        }
        if (lease == Lease.ALWAYS && !failures.isEmpty()) {
            throw new IllegalArgumentException("no lease in a rule that counts only failures");
        }
        if (lease == Lease.ALWAYS && level.parts().stream().anyMatch(part -> !isShared(part.kind()))) {
            throw new IllegalArgumentException(
                    "lease = always only for the levels endpoint and global; auto for others");
        }
    }

    /** Creates a rule that counts requests. */
    public RateLimitRule(
            String name,
            Set<String> methods,
            List<PathPattern> paths,
            KeyExpression level,
            Limit limit,
            long cost,
            Mode mode,
            OnRedisFailure onRedisFailure,
            Set<Integer> failures,
            Lease lease) {
        this(
                name,
                methods,
                paths,
                Set.of(),
                RoleCondition.ALWAYS,
                level,
                limit,
                cost,
                mode,
                onRedisFailure,
                failures,
                lease,
                false);
    }

    private static boolean isEndpointName(String text) {
        return text.equals(EVERY_NAME) || text.matches("[^/*,\\s\\p{Cntrl}][^*,\\s\\p{Cntrl}]{0,99}");
    }

    private static boolean isShared(KeyExpression.KeyPart keyPart) {
        return keyPart == KeyExpression.KeyPart.ENDPOINT || keyPart == KeyExpression.KeyPart.GLOBAL;
    }

    /**
     * Returns the same rule with another limit.
     *
     * @throws IllegalArgumentException if the limit is below the cost of the rule
     */
    public RateLimitRule withLimit(Limit other) {
        return new RateLimitRule(
                name,
                methods,
                paths,
                endpoints,
                when,
                level,
                other,
                cost,
                mode,
                onRedisFailure,
                failures,
                lease,
                countsSessions);
    }

    /** Returns whether the rule counts only failures. */
    public boolean countsFailures() {
        return !failures.isEmpty();
    }

    /**
     * Returns the most tokens of one counter that a node may hold in advance; 0 if every request is decided in Redis. The shares of all
     * nodes together are a twentieth of the capacity.
     *
     * @param nodes the number of nodes; 0 if it is not known yet, when {@code auto} takes none
     */
    public long prefetchShare(int nodes) {
        if (lease == Lease.NEVER || countsSessions || countsFailures() || (nodes < 1 && lease == Lease.AUTO)) {
            return 0;
        }
        long share = limit.capacity() / ((long) PREFETCHED_PART * Math.max(1, nodes));
        long least = lease == Lease.ALWAYS ? cost + 1 : LARGE_SHARE * cost;
        return share >= least ? share : 0;
    }

    /** Returns whether the rule counts by user, alone or with other parts. */
    public boolean countsUsers() {
        return level.has(KeyExpression.KeyPart.USER);
    }

    /** Returns whether the rule counts by client address or network alone. */
    public boolean countsAddressesOnly() {
        return level.parts().stream()
                .allMatch(part ->
                        part.kind() == KeyExpression.KeyPart.IP || part.kind() == KeyExpression.KeyPart.NETWORK);
    }

    /** Returns whether the rule matches every path. */
    public boolean isForEveryPath() {
        return (paths.isEmpty() && endpoints.isEmpty())
                || paths.stream().anyMatch(pattern -> pattern.text().equals("/*"));
    }

    /** Returns whether the rule matches a path, or an endpoint that the application names. */
    public boolean matches(String path) {
        return isForEveryPath()
                || paths.stream().anyMatch(pattern -> pattern.matches(path))
                || endpoints.contains(path)
                || (!path.startsWith("/") && endpoints.contains(EVERY_NAME));
    }

    /** Returns the endpoint that a path counts as: the first pattern that matches it, else the path itself. */
    public String endpoint(String path) {
        for (PathPattern pattern : paths) {
            if (pattern.matches(path) && !pattern.text().equals("/*")) {
                return pattern.text();
            }
        }
        return path;
    }
}
