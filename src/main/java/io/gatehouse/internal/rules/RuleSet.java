package io.gatehouse.internal.rules;

import io.gatehouse.internal.clientaddress.CidrSet;
import io.gatehouse.internal.clientaddress.ClientAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rules of an application, in their order. Immutable.
 *
 * <p>Each rule is one bit of a {@code long}. The rules that match a request are the intersection of the bits of its method and of its
 * path, so matching takes two map lookups and one comparison for each pattern that is not an exact path.
 */
public final class RuleSet {
    static final RuleSet NONE = new RuleSet(List.of(), List.of(), List.of());

    private static final int MOST_RULES = Long.SIZE;
    private static final int VERSION_LENGTH = 12;

    private final List<RateLimitRule> rules;
    private final List<String> allow;
    private final List<String> deny;
    private final CidrSet allowed;
    private final CidrSet denied;
    private final String version;

    private final Map<String, Long> byMethod = new HashMap<>();
    private final Map<String, Long> byExactPath = new HashMap<>();
    private final PathPattern[] patterns;
    /** The rules of each of the {@link #patterns}. */
    private final long[] byPattern;

    private final long everyMethod;
    private final long everyPath;
    /** The rules that count the creation of sessions. */
    private final long sessionRules;

    private final boolean dependsOnRoles;

    /**
     * Creates a rule set.
     *
     * @param allow addresses and networks that no rule counts
     * @param deny addresses and networks that are always refused
     * @throws IllegalArgumentException if there are too many rules, or an address is invalid
     */
    public RuleSet(List<RateLimitRule> rules, List<String> allow, List<String> deny) {
        if (rules.size() > MOST_RULES) {
            throw new IllegalArgumentException("no more than " + MOST_RULES + " rules, not " + rules.size());
        }
        this.rules = List.copyOf(rules);
        this.allow = List.copyOf(allow);
        this.deny = List.copyOf(deny);
        this.allowed = CidrSet.of(allow);
        this.denied = CidrSet.of(deny);
        this.version = digest(text());
        long methods = 0;
        long paths = 0;
        long sessions = 0;
        Map<PathPattern, Long> found = new LinkedHashMap<>();
        for (int i = 0; i < rules.size(); i++) {
            long bit = 1L << i;
            RateLimitRule rule = rules.get(i);
            methods |= rule.methods().isEmpty() ? bit : 0;
            rule.methods().forEach(method -> byMethod.merge(method, bit, (a, b) -> a | b));
            paths |= rule.isForEveryPath() ? bit : 0;
            sessions |= rule.countsSessions() ? bit : 0;
            for (PathPattern path : rule.paths()) {
                if (path.text().contains("*")) {
                    found.merge(path, bit, (a, b) -> a | b);
                } else {
                    byExactPath.merge(path.text(), bit, (a, b) -> a | b);
                }
            }
        }
        this.patterns = found.keySet().toArray(PathPattern[]::new);
        this.byPattern = found.values().stream().mapToLong(Long::longValue).toArray();
        this.everyMethod = methods;
        this.everyPath = paths;
        this.sessionRules = sessions;
        this.dependsOnRoles = rules.stream().anyMatch(rule -> !rule.when().isAlways());
    }

    /** Returns the rules in their order; unmodifiable. */
    public List<RateLimitRule> rules() {
        return rules;
    }

    /** Returns whether a rule depends on the roles of the caller. */
    public boolean dependsOnRoles() {
        return dependsOnRoles;
    }

    /** Returns whether no request is counted or denied. */
    public boolean isEmpty() {
        return rules.isEmpty() && deny.isEmpty();
    }

    /** Returns the addresses and networks that no rule counts. */
    public List<String> allow() {
        return allow;
    }

    /** Returns the addresses and networks that are always refused. */
    public List<String> deny() {
        return deny;
    }

    /** Returns whether an address is on the allow list, so that no rule counts it. */
    public boolean allows(@Nullable ClientAddress address) {
        return address != null && !allow.isEmpty() && allowed.contains(address);
    }

    /** Returns whether an address is on the deny list, which takes precedence over the allow list. */
    public boolean denies(@Nullable ClientAddress address) {
        return address != null && !deny.isEmpty() && denied.contains(address);
    }

    /** Returns a short hash of the rules: equal on every node and after every start, different after every change. */
    public String version() {
        return version;
    }

    /** Returns the rules that match a request, in their order. */
    public List<RateLimitRule> matching(String method, String path) {
        return rulesOf(bits(method, path) & ~sessionRules);
    }

    /** Returns the rules that match the creation of a session by a request, in their order. */
    public List<RateLimitRule> matchingSessions(String method, String path) {
        return sessionRules == 0 ? List.of() : rulesOf(bits(method, path) & sessionRules);
    }

    private long bits(String method, String path) {
        long ofMethod = everyMethod | byMethod.getOrDefault(method, 0L);
        long ofPath = everyPath | byExactPath.getOrDefault(path, 0L);
        for (int i = 0; i < patterns.length; i++) {
            long candidates = byPattern[i] & ofMethod & ~ofPath;
            if (candidates != 0 && patterns[i].matches(path)) {
                ofPath |= candidates;
            }
        }
        return ofMethod & ofPath;
    }

    private List<RateLimitRule> rulesOf(long bits) {
        if (bits == 0) {
            return List.of();
        }
        List<RateLimitRule> found = new ArrayList<>(Long.bitCount(bits));
        for (long rest = bits; rest != 0; rest &= rest - 1) {
            found.add(rules.get(Long.numberOfTrailingZeros(rest)));
        }
        return found;
    }

    /** Returns the rules as properties with every key, which read back as an equal set. */
    String text() {
        List<String> lines = new ArrayList<>();
        for (RateLimitRule rule : rules) {
            String name = rule.name() + ".";
            String methods = rule.methods().isEmpty() ? "" : joined(new TreeSet<>(rule.methods()), " ") + " ";
            if (rule.isForEveryPath() && rule.paths().isEmpty()) {
                lines.add(name + "match = " + methods + "/*");
            } else if (!rule.paths().isEmpty()) {
                lines.add(name + "match = "
                        + rule.paths().stream()
                                .map(path -> methods + path.text())
                                .collect(Collectors.joining(", ")));
            }
            if (!rule.endpoints().isEmpty()) {
                lines.add(name + "endpoint = " + joined(new TreeSet<>(rule.endpoints()), ", "));
            }
            if (!rule.when().isAlways()) {
                lines.add(name + "when = " + rule.when());
            }
            lines.add(name + "level = " + rule.level());
            lines.add(name + "limit = " + text(rule.limit()));
            lines.add(name + "cost = " + rule.cost());
            lines.add(name + "counts = " + counts(rule));
            lines.add(name + "mode = " + RuleBuilder.spelling(rule.mode()));
            lines.add(name + "on-redis-failure = " + RuleBuilder.spelling(rule.onRedisFailure()));
            lines.add(name + "lease = " + RuleBuilder.spelling(rule.lease()));
        }
        lines.add("allow = " + joined(allow, ", "));
        lines.add("deny = " + joined(deny, ", "));
        return joined(lines, "\n");
    }

    private static String counts(RateLimitRule rule) {
        if (rule.countsSessions()) {
            return "sessions";
        }
        return rule.failures().isEmpty() ? "all" : "failures " + joined(new TreeSet<>(rule.failures()), " ");
    }

    private static String text(Limit limit) {
        String rate = limit.tokens() + "/" + limit.period().toSeconds() + "s";
        return limit instanceof SlidingWindow ? "sliding " + rate : rate + " burst " + limit.capacity();
    }

    private static String joined(Collection<?> items, String between) {
        return items.stream().map(String::valueOf).collect(Collectors.joining(between));
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, VERSION_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return text();
    }
}
