package io.gatehouse.internal.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a rule counts by: one part, or several whose values make one counter together, such as {@code ip+endpoint}. Immutable.
 */
public record KeyExpression(List<Part> parts) {

    /** What one value of a request is. */
    public enum KeyPart {
        /** The client's address; of IPv6 its prefix. */
        IP,
        /** The network around it: /24 of IPv4, /48 of IPv6. */
        NETWORK,
        /** The user of the session. */
        USER,
        /** The path pattern of the rule that matched. */
        ENDPOINT,
        /** Nothing: one counter for everything. */
        GLOBAL,
        /** The header {@code X-API-Key}. */
        API_KEY,
        /** Any header. */
        HEADER
    }

    /**
     * One part.
     *
     * @param header the name of the header, in lower case; empty unless there is one
     */
    public record Part(KeyPart kind, String header) {
        String text() {
            return kind == KeyPart.HEADER ? "header:" + header : spelling(kind);
        }
    }

    public KeyExpression {
        parts = List.copyOf(parts);
    }

    /**
     * Reads {@code ip}, {@code network}, {@code user}, {@code endpoint}, {@code global}, {@code api-key}, {@code header:X-Name}, or
     * several of them with {@code +} between. The order does not matter.
     *
     * @throws IllegalArgumentException whose message says what was expected
     */
    public static KeyExpression parse(String text) {
        List<Part> parts = new ArrayList<>();
        for (String item : text.split("\\+", -1)) {
            Part part = part(item.strip());
            if (parts.contains(part)) {
                throw new IllegalArgumentException("each level once");
            }
            parts.add(part);
        }
        if (parts.size() > 1 && parts.stream().anyMatch(part -> part.kind() == KeyPart.GLOBAL)) {
            throw new IllegalArgumentException("global alone: together with others it says nothing");
        }
        parts.sort((a, b) -> a.text().compareTo(b.text()));
        return new KeyExpression(parts);
    }

    private static Part part(String text) {
        if (text.regionMatches(true, 0, "header:", 0, "header:".length())) {
            String name = text.substring("header:".length()).strip();
            if (!name.matches("[A-Za-z0-9!#$%&'*.^_`|~-]{1,64}")) {
                throw new IllegalArgumentException("the name of a header after header:");
            }
            return new Part(KeyPart.HEADER, name.toLowerCase(Locale.ROOT));
        }
        for (KeyPart keyPart : KeyPart.values()) {
            if (keyPart != KeyPart.HEADER && spelling(keyPart).equalsIgnoreCase(text)) {
                return new Part(keyPart, "");
            }
        }
        throw new IllegalArgumentException(
                "ip, network, user, endpoint, global, api-key, header:X-Name, or several with + between");
    }

    private static String spelling(KeyPart keyPart) {
        return keyPart.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public boolean has(KeyPart keyPart) {
        return parts.stream().anyMatch(part -> part.kind() == keyPart);
    }

    /** As people write it, always in the same order. */
    @Override
    public String toString() {
        return parts.stream().map(Part::text).collect(Collectors.joining("+"));
    }
}
