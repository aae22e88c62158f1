package io.gatehouse.internal.rules;

import io.gatehouse.internal.rules.RateLimitRule.Lease;
import io.gatehouse.internal.rules.RateLimitRule.Mode;
import io.gatehouse.internal.rules.RateLimitRule.OnRedisFailure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Builds a rule from its keys. Methods throw {@link IllegalArgumentException} if a value is invalid; the message says what was expected.
 * Not thread-safe.
 */
final class RuleBuilder {
    /** The keys of a rule, in the order in which messages list them. */
    static final List<String> KEYS = List.of(
            "match", "endpoint", "when", "level", "limit", "cost", "counts", "mode", "on-redis-failure", "lease");

    /** The statuses that count as failures unless a rule lists others: 401 Unauthorized and 403 Forbidden. */
    private static final Set<Integer> FAILURES = Set.of(401, 403);

    private static final PathPattern EVERYTHING = new PathPattern("/*");

    private Set<String> methods = Set.of();
    private @Nullable Set<PathPattern> paths;
    private Set<String> endpoints = Set.of();
    private RoleCondition when = RoleCondition.ALWAYS;
    private @Nullable KeyExpression keyExpression;
    private @Nullable Limit limit;
    private long cost = 1;
    private Set<Integer> failures = Set.of();
    private boolean countsSessions;
    private Mode mode = Mode.ENFORCE;
    private OnRedisFailure onRedisFailure = OnRedisFailure.LOCAL;
    private Lease lease = Lease.AUTO;

    /** Reads the value of one of the {@link #KEYS}. */
    void set(String key, String value) {
        switch (key) {
            case "match" -> match(value);
            case "endpoint" -> endpoints = endpoints(value);
            case "when" -> when = RoleCondition.parse(value);
            case "level" -> keyExpression = KeyExpression.parse(value);
            case "limit" -> limit = Limit.parse(value);
            case "cost" -> cost = cost(value);
            case "counts" -> {
                countsSessions = value.equalsIgnoreCase("sessions");
                failures = countsSessions ? Set.of() : counts(value);
            }
            case "mode" -> mode = choice(value, Mode.values());
            case "on-redis-failure" -> onRedisFailure = choice(value, OnRedisFailure.values());
            case "lease" -> lease = lease(value);
            default -> throw new IllegalArgumentException("one of " + KEYS);
        }
    }

    /** Returns the rule, or null if its level or its limit is missing. */
    @Nullable
    RateLimitRule rule(String name) {
        Set<PathPattern> matched = paths == null && endpoints.isEmpty() ? Set.of(EVERYTHING) : paths;
        return keyExpression == null || limit == null
                ? null
                : new RateLimitRule(
                        name,
                        methods,
                        matched == null ? List.of() : List.copyOf(matched),
                        endpoints,
                        when,
                        keyExpression,
                        limit,
                        cost,
                        mode,
                        onRedisFailure,
                        failures,
                        lease,
                        countsSessions);
    }

    /** Reads the key {@code match}, such as {@code POST /login, POST /api/login/*}: the same methods before each path. */
    private void match(String value) {
        Set<PathPattern> found = new LinkedHashSet<>();
        Set<Set<String>> different = new LinkedHashSet<>();
        for (String item : items(value)) {
            List<String> words = new ArrayList<>(List.of(item.split("\\s+")));
            String last = words.get(words.size() - 1);
            boolean path = last.startsWith("/") || last.startsWith("*");
            found.add(path ? new PathPattern(words.remove(words.size() - 1)) : EVERYTHING);
            different.add(methods(words));
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("at least one path; a rule without match applies to every request");
        }
        if (different.size() > 1) {
            throw new IllegalArgumentException("the same methods before each path; other methods need a separate rule");
        }
        paths = found;
        methods = different.iterator().next();
    }

    /** Reads the key {@code endpoint}, such as {@code login, transfer}. The constructor of the rule checks each name. */
    private static Set<String> endpoints(String value) {
        Set<String> names = new LinkedHashSet<>(items(value));
        if (names.isEmpty()) {
            throw new IllegalArgumentException("at least one name that the application checks, or * for every name");
        }
        return names;
    }

    /** Adds {@code HEAD} to {@code GET}, because servers handle {@code HEAD} like {@code GET}. */
    private static Set<String> methods(List<String> words) {
        Set<String> methods = new TreeSet<>();
        for (String word : words) {
            if (!word.matches("[A-Za-z][A-Za-z-]{0,31}")) {
                throw new IllegalArgumentException("methods before a path, such as POST /login");
            }
            methods.add(word.toUpperCase(Locale.ROOT));
        }
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return methods;
    }

    private static long cost(String value) {
        if (!value.matches("\\d{1,12}")) {
            throw new IllegalArgumentException("a whole number");
        }
        return Long.parseLong(value);
    }

    private static Set<Integer> counts(String value) {
        List<String> words = Arrays.asList(value.toLowerCase(Locale.ROOT).split("[\\s,]+"));
        if (words.equals(List.of("all"))) {
            return Set.of();
        }
        List<String> statuses = words.subList(1, words.size());
        if (!words.get(0).equals("failures") || !statuses.stream().allMatch(word -> word.matches("[2-5]\\d\\d"))) {
            throw new IllegalArgumentException(
                    "all, sessions, or failures with the statuses that count, such as failures 401 403");
        }
        return statuses.isEmpty()
                ? FAILURES
                : statuses.stream().map(Integer::valueOf).collect(Collectors.toSet());
    }

    private static Lease lease(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "auto" -> Lease.AUTO;
            case "always", "true", "yes", "1" -> Lease.ALWAYS;
            case "never", "false", "no", "0" -> Lease.NEVER;
            default -> throw new IllegalArgumentException("auto, always or never");
        };
    }

    private static <E extends Enum<E>> E choice(String value, E[] constants) {
        return Arrays.stream(constants)
                .filter(constant -> spelling(constant).equals(value.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("one of "
                        + Arrays.stream(constants).map(RuleBuilder::spelling).collect(Collectors.joining(", "))));
    }

    /** Returns a constant as it is written in rules. */
    static String spelling(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Splits a list at its commas, and drops empty items. */
    static List<String> items(String value) {
        return Arrays.stream(value.split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }
}
