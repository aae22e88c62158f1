package io.gatehouse.internal.ratelimit;

import io.gatehouse.internal.clientaddress.ClientAddress;
import io.gatehouse.internal.clientaddress.ClientAddressResolver;
import io.gatehouse.internal.rules.KeyExpression;
import io.gatehouse.internal.rules.PathPattern;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.internal.rules.RequestAttributes;
import io.gatehouse.internal.rules.RuleSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A query for counters: a level and a value for each of its parts, such as {@code ip} and {@code 203.0.113.7}. Immutable. */
final class CounterQuery {
    private static final KeyExpression.Part ENDPOINT = new KeyExpression.Part(KeyExpression.KeyPart.ENDPOINT, "");

    private final Map<KeyExpression.Part, String> values = new HashMap<>();
    private final List<KeyExpression.Part> parts;
    /** All tags that the user may have; one empty tag if the level has no user. */
    private List<String> users = List.of("");

    CounterQuery(
            String scope, String[] keys, ClientAddressResolver addresses, Function<String, List<String>> userTags) {
        String[] names = scope.split("\\+", -1);
        parts = KeyExpression.parse(scope).parts();
        boolean global = parts.size() == 1 && parts.get(0).kind() == KeyExpression.KeyPart.GLOBAL;
        if (keys.length != (global ? 0 : names.length)) {
            throw new IllegalArgumentException(
                    "one key for each part of " + scope + ", in that order, not " + keys.length);
        }
        for (int i = 0; i < keys.length; i++) {
            KeyExpression.Part part = KeyExpression.parse(names[i]).parts().get(0);
            switch (part.kind()) {
                case IP, NETWORK -> {
                    ClientAddress address = addresses.parse(keys[i]);
                    values.put(part, part.kind() == KeyExpression.KeyPart.IP ? address.ip() : address.network());
                    values.put(RequestAttributes.NETWORK, address.network());
                }
                case USER -> users = userTags.apply(keys[i]);
                default -> values.put(part, keys[i]);
            }
        }
        if (global) {
            values.put(parts.get(0), "");
        }
    }

    /**
     * Calls the visitor for each counter of each rule with this level. A rule that also counts by endpoint has one counter for each of its
     * path patterns and
     * of its named endpoints; the counters of a rule for every name are only found by a scope that includes the endpoint.
     */
    void counters(RuleSet rules, BiConsumer<RateLimitRule, RequestAttributes> visitor) {
        for (RateLimitRule rule : rules.rules()) {
            List<KeyExpression.Part> level = rule.level().parts();
            List<KeyExpression.Part> withoutEndpoint =
                    level.stream().filter(part -> !part.equals(ENDPOINT)).toList();
            for (String user : users) {
                if (level.equals(parts)) {
                    visitor.accept(rule, part -> value(part, user, ""));
                } else if (withoutEndpoint.equals(parts)) {
                    Stream.concat(
                                    rule.paths().stream().map(PathPattern::text),
                                    rule.endpoints().stream().filter(name -> !name.equals(RateLimitRule.EVERY_NAME)))
                            .forEach(endpoint -> visitor.accept(rule, part -> value(part, user, endpoint)));
                }
            }
        }
    }

    private @Nullable String value(KeyExpression.Part part, String user, String endpoint) {
        String known = part.equals(RequestAttributes.USER) ? user : values.get(part);
        return known == null && part.equals(ENDPOINT) ? endpoint : known;
    }
}
