package io.gatehouse.internal.web;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The scalar members of a JSON object under their dotted paths (RFC 8259). Every value of a repeated name is kept, because parsers
 * disagree about which one counts; so are the elements of an array. Lenient: members before a syntax error are kept.
 */
final class JsonFields {
    private static final int MAX_DEPTH = 32;

    private final String text;
    private final Map<String, List<String>> values = new LinkedHashMap<>();
    private int at;

    private JsonFields(String text) {
        this.text = text;
    }

    /** Returns the members of an object, or null if the text is not a JSON object. */
    static @Nullable JsonFields parse(String text) {
        JsonFields fields = new JsonFields(text.startsWith("\uFEFF") ? text.substring(1) : text);
        fields.skipWhiteSpace();
        if (fields.peek() != '{') {
            return null;
        }
        boolean unused = fields.value("", 0);
        return fields;
    }

    /** Returns the values at a path such as {@code user} or {@code credentials.user}. */
    List<String> values(String path) {
        return values.getOrDefault(path, List.of());
    }

    /** Reads a value, and returns whether it is complete. */
    private boolean value(String path, int depth) {
        skipWhiteSpace();
        return switch (peek()) {
            case '{' -> depth < MAX_DEPTH && members(path, depth, '}');
            case '[' -> depth < MAX_DEPTH && members(path, depth, ']');
            case '"' -> {
                String found = string();
                yield found != null && keep(path, found);
            }
            default -> {
                int start = at;
                while (at < text.length() && ",]} \t\r\n:\"".indexOf(text.charAt(at)) < 0) {
                    at++;
                }
                String found = text.substring(start, at);
                yield at > start && (found.equals("null") || keep(path, found));
            }
        };
    }

    private boolean keep(String path, String found) {
        return values.computeIfAbsent(path, any -> new ArrayList<>()).add(found);
    }

    private boolean members(String path, int depth, char end) {
        at++;
        skipWhiteSpace();
        if (peek() == end) {
            at++;
            return true;
        }
        while (true) {
            String inner = end == '}' ? name(path) : path;
            if (inner == null || !value(inner, depth + 1)) {
                return false;
            }
            skipWhiteSpace();
            char next = peek();
            at++;
            if (next == end) {
                return true;
            }
            if (next != ',') {
                return false;
            }
        }
    }

    private @Nullable String name(String path) {
        skipWhiteSpace();
        String name = peek() == '"' ? string() : null;
        skipWhiteSpace();
        if (name == null || peek() != ':') {
            return null;
        }
        at++;
        return path.isEmpty() ? name : path + '.' + name;
    }

    private @Nullable String string() {
        StringBuilder found = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return found.toString();
            }
            if (c != '\\') {
                found.append(c);
            } else if (!escaped(found)) {
                return null;
            }
        }
        return null;
    }

    private boolean escaped(StringBuilder found) {
        at++;
        char c = peek();
        int plain = "\"\\/bfnrt".indexOf(c);
        if (plain >= 0) {
            found.append("\"\\/\b\f\n\r\t".charAt(plain));
            return true;
        }
        if (c != 'u' || at + 4 >= text.length()) {
            return false;
        }
        try {
            found.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
        } catch (NumberFormatException e) {
            return false;
        }
        at += 4;
        return true;
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private void skipWhiteSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }
}
