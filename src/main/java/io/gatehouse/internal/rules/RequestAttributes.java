package io.gatehouse.internal.rules;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be counted by: gives the value of each part of a level, or null where there is none. */
@FunctionalInterface
public interface RequestAttributes {
    KeyExpression.Part NETWORK = new KeyExpression.Part(KeyExpression.KeyPart.NETWORK, "");
    KeyExpression.Part USER = new KeyExpression.Part(KeyExpression.KeyPart.USER, "");

    @Nullable
    String value(KeyExpression.Part part);

    /** Those of a request, for a rule that it met by one of its patterns. */
    static RequestAttributes of(RateLimitRequest request, String endpoint) {
        return part -> switch (part.kind()) {
            case IP -> request.address() == null ? null : request.address().ip();
            case NETWORK -> request.address() == null ? null : request.address().network();
            case USER -> request.userTag();
            case ENDPOINT -> endpoint;
            case GLOBAL -> "";
            case API_KEY -> request.header().apply("X-API-Key");
            case HEADER -> request.header().apply(part.header());
        };
    }

    /**
     * Where counters of a level have to lie together in a cluster: by network if an address is part of it, else by user, else
     * by header, else all in one place.
     */
    default String neighbourhood(KeyExpression keyExpression) {
        List<KeyExpression.Part> parts = keyExpression.parts();
        if (keyExpression.has(KeyExpression.KeyPart.IP) || keyExpression.has(KeyExpression.KeyPart.NETWORK)) {
            return "n" + value(NETWORK);
        }
        if (keyExpression.has(KeyExpression.KeyPart.USER)) {
            return "u" + value(USER);
        }
        if (keyExpression.has(KeyExpression.KeyPart.ENDPOINT) || keyExpression.has(KeyExpression.KeyPart.GLOBAL)) {
            parts = parts.stream()
                    .filter(part -> part.kind() != KeyExpression.KeyPart.ENDPOINT
                            && part.kind() != KeyExpression.KeyPart.GLOBAL)
                    .toList();
        }
        return parts.isEmpty() ? "g" : "h" + value(parts.get(0));
    }
}
