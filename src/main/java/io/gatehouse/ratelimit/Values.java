package io.gatehouse.ratelimit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be counted by: gives the value of each part of a level, or null where there is none. */
@FunctionalInterface
interface Values {
    Level.Part NETWORK = new Level.Part(Level.Kind.NETWORK, "");
    Level.Part USER = new Level.Part(Level.Kind.USER, "");

    @Nullable
    String value(Level.Part part);

    /** Those of a request, for a rule that it met by one of its patterns. */
    static Values of(RateLimitRequest request, String endpoint) {
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
    default String neighbourhood(Level level) {
        List<Level.Part> parts = level.parts();
        if (level.has(Level.Kind.IP) || level.has(Level.Kind.NETWORK)) {
            return "n" + value(NETWORK);
        }
        if (level.has(Level.Kind.USER)) {
            return "u" + value(USER);
        }
        if (level.has(Level.Kind.ENDPOINT) || level.has(Level.Kind.GLOBAL)) {
            parts = parts.stream()
                    .filter(part -> part.kind() != Level.Kind.ENDPOINT && part.kind() != Level.Kind.GLOBAL)
                    .toList();
        }
        return parts.isEmpty() ? "g" : "h" + value(parts.get(0));
    }
}
