package io.gatehouse.ratelimit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/** What a person asks for: a level and a value for each of its parts, such as {@code ip} and {@code 203.0.113.7}. */
final class Scope {
    private static final Level.Part ENDPOINT = new Level.Part(Level.Kind.ENDPOINT, "");

    private final Map<Level.Part, String> values = new HashMap<>();
    private final List<Level.Part> parts;

    Scope(String scope, String[] keys, ClientAddresses addresses, UnaryOperator<String> userTag) {
        String[] names = scope.split("\\+", -1);
        parts = Level.parse(scope).parts();
        boolean global = parts.size() == 1 && parts.get(0).kind() == Level.Kind.GLOBAL;
        if (keys.length != (global ? 0 : names.length)) {
            throw new IllegalArgumentException("one key for each part of " + scope + ", in that order");
        }
        for (int i = 0; i < keys.length; i++) {
            Level.Part part = Level.parse(names[i]).parts().get(0);
            switch (part.kind()) {
                case IP, NETWORK -> {
                    ClientAddress address = addresses.parse(keys[i]);
                    values.put(part, part.kind() == Level.Kind.IP ? address.ip() : address.network());
                    values.put(Values.NETWORK, address.network());
                }
                case USER -> values.put(part, userTag.apply(keys[i]));
                default -> values.put(part, keys[i]);
            }
        }
        if (global) {
            values.put(parts.get(0), "");
        }
    }

    /** Calls for each counter of a rule with this level, or with this level and the endpoint, which the rule itself knows. */
    void counters(RuleSet rules, BiConsumer<RateLimitRule, Values> visitor) {
        for (RateLimitRule rule : rules.rules()) {
            List<Level.Part> of = rule.level().parts();
            if (of.equals(parts)) {
                visitor.accept(rule, values::get);
            } else if (of.stream()
                    .filter(part -> !part.equals(ENDPOINT))
                    .toList()
                    .equals(parts)) {
                for (PathPattern pattern : rule.paths()) {
                    visitor.accept(rule, part -> part.equals(ENDPOINT) ? pattern.text() : values.get(part));
                }
            }
        }
    }
}
