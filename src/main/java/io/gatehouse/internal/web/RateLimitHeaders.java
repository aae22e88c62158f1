package io.gatehouse.internal.web;

import io.gatehouse.internal.ratelimit.RuleStatus;
import io.gatehouse.internal.rules.KeyExpression;
import io.gatehouse.internal.rules.Limit;
import io.gatehouse.internal.rules.RateLimitRule;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The fields {@code RateLimit-Policy} and {@code RateLimit} of draft-ietf-httpapi-ratelimit-headers-11: lists of RFC 9651
 * whose items are the names of rules, which need no escaping there. A list without items is an empty text, and its field is
 * left out.
 *
 * <p>In the draft's terms, {@code q} is what may be used at once and {@code w} the time in which it comes back; for a limit
 * without a burst of its own that is the limit as written. Both {@code q} and {@code r} count requests, so tokens are
 * divided by the cost (section 3.1.2: the unit is requests unless said otherwise).
 *
 * <p>Section 8.2 asks to disclose neither the traffic of other clients nor capacity that a client could exhaust. Therefore:
 * <ul>
 *   <li>Counters that all clients share (endpoint, global) are not shown at all.
 *   <li>A counter is shown to the client that it belongs to: the address, the network, the API key or the logged-in user of
 *       the request. Of rules by a header only the policy is shown, because any client can send any header.
 *   <li>{@code pk} is a keyed hash, and shown where the counter is.
 *   <li>Rules in trial mode are not shown, because they refuse nothing.
 * </ul>
 */
final class RateLimitHeaders {
    /** As large as an integer of RFC 9651 may be. */
    private static final long LARGEST = 999_999_999_999_999L;

    private static final double MICROS = 1_000_000;

    private RateLimitHeaders() {}

    /** {@code RateLimit-Policy}: what is allowed. */
    static String policy(List<RuleStatus> ruleStatus, boolean authenticated) {
        return ruleStatus.stream()
                .filter(standing -> isEnforced(standing) && !isShared(standing))
                .map(standing -> policy(standing, authenticated))
                .collect(Collectors.joining(", "));
    }

    private static String policy(RuleStatus standing, boolean authenticated) {
        RateLimitRule rule = standing.rule();
        Limit limit = rule.limit();
        String item = '"' + rule.name() + "\";q=" + integer(limit.capacity() / rule.cost()) + ";w="
                + integer(Math.max(1, Math.round(limit.refillMicros() / MICROS)));
        return belongs(standing, authenticated) ? item + partitionKey(standing) : item;
    }

    /** {@code RateLimit}: what is left. */
    static String limit(List<RuleStatus> ruleStatus, boolean authenticated) {
        return ruleStatus.stream()
                .filter(standing -> isEnforced(standing) && belongs(standing, authenticated))
                .map(standing -> '"' + standing.rule().name() + "\";r="
                        + integer(standing.remaining() / standing.rule().cost()) + ";t="
                        + integer(effectiveWindow(standing)) + partitionKey(standing))
                .collect(Collectors.joining(", "));
    }

    /** Whether the rule is a reason to refuse. */
    static boolean refuses(RuleStatus standing) {
        return standing.violated() && isEnforced(standing);
    }

    /** Returns whole seconds, at least one, rounded up so that clients do not retry too early. */
    static long seconds(Duration duration) {
        return Math.max(1, duration.plusNanos(999_999_999).toSeconds());
    }

    /**
     * {@code t}, in seconds: how long the client should make do with {@code r} (section 4.1.2). If there is not enough for
     * another request, that is the time until there is, rounded up as in Retry-After. Otherwise it is the time after which as
     * much would be there again if all were used now. A bucket fills evenly, so that is the time in which {@code r} tokens
     * come; a sliding window begins to give back when it ends. Thus {@code r} by {@code t} is never more than the policy
     * allows, as section 6 demands.
     */
    private static long effectiveWindow(RuleStatus standing) {
        if (!standing.retryAfter().isZero()) {
            return seconds(standing.retryAfter());
        }
        RateLimitRule rule = standing.rule();
        double fill = rule.limit().refillMicros(); // microseconds in which all comes back, of both kinds of limits
        double perToken = fill / rule.limit().capacity();
        double beyondFill = standing.reset().toNanos() / 1000.0 - fill; // below 0 in a bucket that is not empty
        return standing.remaining() < rule.cost()
                ? Math.max(1, (long) Math.ceil((beyondFill + rule.cost() * perToken) / MICROS))
                : Math.max(1, Math.round((Math.max(0, beyondFill) + standing.remaining() * perToken) / MICROS));
    }

    private static boolean isEnforced(RuleStatus standing) {
        return standing.rule().mode() == RateLimitRule.Mode.ENFORCE;
    }

    private static boolean isShared(RuleStatus standing) {
        return standing.rule().level().parts().stream()
                .allMatch(part ->
                        part.kind() == KeyExpression.KeyPart.ENDPOINT || part.kind() == KeyExpression.KeyPart.GLOBAL);
    }

    private static boolean belongs(RuleStatus standing, boolean authenticated) {
        List<KeyExpression.KeyPart> keyParts = standing.rule().level().parts().stream()
                .map(KeyExpression.Part::kind)
                .toList();
        return keyParts.contains(KeyExpression.KeyPart.USER)
                ? authenticated
                : keyParts.contains(KeyExpression.KeyPart.IP)
                        || keyParts.contains(KeyExpression.KeyPart.NETWORK)
                        || keyParts.contains(KeyExpression.KeyPart.API_KEY);
    }

    private static String partitionKey(RuleStatus standing) {
        byte[] bytes = standing.partition().getBytes(StandardCharsets.UTF_8);
        return ";pk=:" + Base64.getEncoder().encodeToString(bytes) + ':';
    }

    private static String integer(long number) {
        return Long.toString(Math.max(0, Math.min(number, LARGEST)));
    }
}
