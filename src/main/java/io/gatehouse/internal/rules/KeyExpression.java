package io.gatehouse.internal.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The level of a rule, that is what it counts by: one part, or several whose values together identify a counter, such as {@code
 * ip+endpoint}. Immutable.
 */
public record KeyExpression(List<Part> parts) {

    /** The kind of request attribute that a part stands for. */
    public enum KeyPart {
        /** The client address; for IPv6 its prefix. */
        IP,
        /** The network of the client address: /24 for IPv4, /48 for IPv6. */
        NETWORK,
        /** The user of the session. */
        USER,
        /** The path pattern of the rule that matched. */
        ENDPOINT,
        /** No attribute: one counter for all requests. */
        GLOBAL,
        /** The header {@code X-API-Key}. */
        API_KEY,
        /** Any header. */
        HEADER
    }

    /**
     * One part of a level.
     *
     * @param header the name of the header in lower case; empty for other kinds
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
     * several of them joined by {@code +}. The order does not matter.
     *
     * @throws IllegalArgumentException if the text is invalid; the message says what was expected
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

    /** Returns whether the level contains a part of this kind. */
    public boolean has(KeyPart keyPart) {
        for (Part part : parts) {
            if (part.kind() == keyPart) {
                return true;
            }
        }
        return false;
    }

    /** Returns the level as it is written in rules, its parts in alphabetical order. */
    @Override
    public String toString() {
        return parts.stream().map(Part::text).collect(Collectors.joining("+"));
    }
}
