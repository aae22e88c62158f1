package io.gatehouse.internal.web;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.gatehouse.internal.ratelimit.RuleStatus;
import io.gatehouse.internal.rules.KeyExpression;
import io.gatehouse.internal.rules.Limit;
import io.gatehouse.internal.rules.RateLimitRule;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/**
 * Formats the headers {@code RateLimit-Policy} and {@code RateLimit} of draft-ietf-httpapi-ratelimit-headers-11: lists of RFC 9651
 * whose items are the names of rules, which need no escaping there. A list without items is an empty text, and its header
 * is omitted.
 *
 * <p>In the draft's terms, {@code q} is the capacity and {@code w} the time in which it is restored; for a limit
 * without a separate burst these are the limit as configured. Both {@code q} and {@code r} count requests, so tokens are
 * divided by the cost (section 3.1.2: the unit is requests unless said otherwise).
 *
 * <p>Section 8.2 asks to disclose neither the traffic of other clients nor capacity that a client could exhaust. Therefore:
 * <ul>
 *   <li>Counters that all clients share (endpoint, global) are not shown at all.
 *   <li>A counter is shown only to its client: the address, the network, the API key or the logged-in user of
 *       the request. Rules by a header show only their policy, because any client can send any header.
 *   <li>{@code pk} is a keyed hash, and is shown together with the counter.
 *   <li>Rules in trial mode are not shown, because they refuse nothing.
 * </ul>
 */
final class RateLimitHeaders {
    /** The largest integer of RFC 9651. */
    private static final long LARGEST = 999_999_999_999_999L;

    private static final double MICROS = 1_000_000;

    private static final int LIST_LENGTH = 160;

    /** The texts of rules, by the identity of the rule: those of some rule sets, and of the rules of users. */
    private static final LoadingCache<RateLimitRule, RuleText> RULES =
            Caffeine.newBuilder().weakKeys().maximumSize(1_000).build(RuleText::of);

    private RateLimitHeaders() {}

    /** Returns {@code RateLimit-Policy}: the quota of each rule. */
    static String policy(List<RuleStatus> statuses, boolean authenticated) {
        StringBuilder list = new StringBuilder(LIST_LENGTH);
        for (RuleStatus status : statuses) {
            RuleText rule = RULES.get(status.rule());
            if (rule.enforced() && !rule.shared()) {
                item(list).append(rule.policy());
                if (rule.belongsToClient(authenticated)) {
                    partitionKey(list, status);
                }
            }
        }
        return list.toString();
    }

    /** Returns {@code RateLimit}: the remaining quota of each rule. */
    static String limit(List<RuleStatus> statuses, boolean authenticated) {
        return limit(statuses, authenticated, false);
    }

    /** Returns {@code RateLimit} for the rules that refuse the request only. */
    static String limitOfRefusing(List<RuleStatus> statuses, boolean authenticated) {
        return limit(statuses, authenticated, true);
    }

    private static String limit(List<RuleStatus> statuses, boolean authenticated, boolean onlyRefusing) {
        StringBuilder list = new StringBuilder(LIST_LENGTH);
        for (RuleStatus status : statuses) {
            RuleText rule = RULES.get(status.rule());
            if (rule.enforced() && rule.belongsToClient(authenticated) && (status.violated() || !onlyRefusing)) {
                item(list)
                        .append(rule.name())
                        .append(";r=")
                        .append(integer(status.remaining() / status.rule().cost()))
                        .append(";t=")
                        .append(integer(effectiveWindow(status)));
                partitionKey(list, status);
            }
        }
        return list.toString();
    }

    private static StringBuilder item(StringBuilder list) {
        return list.isEmpty() ? list : list.append(", ");
    }

    /** What the headers say about a rule at every request. */
    private record RuleText(
            String name, String policy, boolean enforced, boolean shared, boolean user, boolean client) {
        static RuleText of(RateLimitRule rule) {
            Limit limit = rule.limit();
            KeyExpression level = rule.level();
            String name = '"' + rule.name() + '"';
            String policy = name + ";q=" + integer(limit.capacity() / rule.cost()) + ";w="
                    + integer(Math.max(1, Math.round(limit.refillMicros() / MICROS)));
            boolean shared = level.parts().stream()
                    .allMatch(part -> part.kind() == KeyExpression.KeyPart.ENDPOINT
                            || part.kind() == KeyExpression.KeyPart.GLOBAL);
            boolean client = level.has(KeyExpression.KeyPart.IP)
                    || level.has(KeyExpression.KeyPart.NETWORK)
                    || level.has(KeyExpression.KeyPart.API_KEY);
            return new RuleText(
                    name,
                    policy,
                    rule.mode() == RateLimitRule.Mode.ENFORCE,
                    shared,
                    level.has(KeyExpression.KeyPart.USER),
                    client);
        }

        boolean belongsToClient(boolean authenticated) {
            return user ? authenticated : client;
        }
    }

    /** Returns whether the rule refuses the request. */
    static boolean refuses(RuleStatus status) {
        return status.violated() && status.rule().mode() == RateLimitRule.Mode.ENFORCE;
    }

    /** Returns whole seconds, at least one, rounded up so that clients do not retry too early. */
    static long seconds(Duration duration) {
        return Math.max(1, duration.plusNanos(999_999_999).toSeconds());
    }

    /**
     * Returns {@code t} in seconds: the time for which {@code r} must last (section 4.1.2). If {@code r} is too small for another request,
     * it is the time until the next request is allowed, rounded up as in Retry-After. Otherwise it is the time after which {@code r} would
     * be restored if all of it were used now. A bucket fills evenly, so that is the time in which it gains {@code r} tokens; a sliding
     * window starts to regain capacity when it ends. Thus {@code r} divided by {@code t} never exceeds the policy, as section 6 demands.
     */
    private static long effectiveWindow(RuleStatus status) {
        if (!status.retryAfter().isZero()) {
            return seconds(status.retryAfter());
        }
        RateLimitRule rule = status.rule();
        double fill = rule.limit().refillMicros(); // microseconds until full capacity, for both kinds of limits
        double perToken = fill / rule.limit().capacity();
        double beyondFill = status.reset().toNanos() / 1000.0 - fill; // below 0 in a bucket that is not empty
        return status.remaining() < rule.cost()
                ? Math.max(1, (long) Math.ceil((beyondFill + rule.cost() * perToken) / MICROS))
                : Math.max(1, Math.round((Math.max(0, beyondFill) + status.remaining() * perToken) / MICROS));
    }

    private static void partitionKey(StringBuilder list, RuleStatus status) {
        byte[] bytes = status.partition().getBytes(StandardCharsets.UTF_8);
        list.append(";pk=:").append(Base64.getEncoder().encodeToString(bytes)).append(':');
    }

    private static long integer(long number) {
        return Math.max(0, Math.min(number, LARGEST));
    }
}
