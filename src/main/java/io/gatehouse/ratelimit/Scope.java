package io.gatehouse.ratelimit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a person asks for: a level and a value for each of its parts, such as {@code ip} and {@code 203.0.113.7}. */
final class Scope {
    private static final Level.Part ENDPOINT = new Level.Part(Level.Kind.ENDPOINT, "");

    private final Map<Level.Part, String> values = new HashMap<>();
    private final List<Level.Part> parts;
    /** All that may stand for the user. */
    private List<String> users = List.of("");

    Scope(String scope, String[] keys, ClientAddresses addresses, Function<String, List<String>> userTags) {
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
                case USER -> users = userTags.apply(keys[i]);
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
            List<Level.Part> others =
                    of.stream().filter(part -> !part.equals(ENDPOINT)).toList();
            for (String user : users) {
                if (of.equals(parts)) {
                    visitor.accept(rule, part -> value(part, user, ""));
                } else if (others.equals(parts)) {
                    rule.paths().forEach(pattern -> visitor.accept(rule, part -> value(part, user, pattern.text())));
                }
            }
        }
    }

    private @Nullable String value(Level.Part part, String user, String endpoint) {
        String known = part.equals(Values.USER) ? user : values.get(part);
        return known == null && part.equals(ENDPOINT) ? endpoint : known;
    }
}
