package io.gatehouse.internal.rules;

import org.jspecify.annotations.Nullable;

/** The attributes of one request that rules can count by. */
@FunctionalInterface
public interface RequestAttributes {
    KeyExpression.Part NETWORK = new KeyExpression.Part(KeyExpression.KeyPart.NETWORK, "");
    KeyExpression.Part USER = new KeyExpression.Part(KeyExpression.KeyPart.USER, "");

    /** Returns the value of an attribute, or null if the request lacks it. */
    @Nullable
    String value(KeyExpression.Part part);

    /** Returns the attributes of a request whose path counts as an endpoint. */
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
     * Returns the group whose counters share a slot of a cluster, so that one script call can decide them together. Counters are grouped
     * by network if the level contains an address, else by user, else by header; all others form one group.
     */
    default String slotGroup(KeyExpression keyExpression) {
        if (keyExpression.has(KeyExpression.KeyPart.IP) || keyExpression.has(KeyExpression.KeyPart.NETWORK)) {
            return "n" + value(NETWORK);
        }
        if (keyExpression.has(KeyExpression.KeyPart.USER)) {
            return "u" + value(USER);
        }
        for (KeyExpression.Part part : keyExpression.parts()) {
            if (part.kind() != KeyExpression.KeyPart.ENDPOINT && part.kind() != KeyExpression.KeyPart.GLOBAL) {
                return "h" + value(part);
            }
        }
        return "g";
    }
}
