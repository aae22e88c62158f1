package io.gatehouse.internal.jobs;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Checks the arguments of a run and writes them as one JSON object (RFC 8259), with the members of each object in the order of their
 * names. Needs no Jakarta API, so that it also works in the command line. {@link JsonParser} reads them.
 */
public final class JobArguments {
    static final int MAX_DEPTH = 8;

    private static final int MAX_ARGUMENTS = 64;
    private static final int MAX_NAME_LENGTH = 64;
    private static final int MAX_BYTES = 65_536;

    private JobArguments() {}

    /**
     * Parses a JSON object that a person wrote.
     *
     * @throws IllegalArgumentException if the text is not a JSON object, or has a null
     */
    public static Map<String, Object> parse(String json) {
        if (json.length() > MAX_BYTES) {
            throw tooLarge(json.length());
        }
        return new JsonParser(json).object();
    }

    /**
     * Writes arguments as JSON.
     *
     * @throws IllegalArgumentException if there are too many arguments, or if a value has an unknown type or is too large or too deep
     */
    static String write(Map<String, ?> arguments) {
        if (arguments.size() > MAX_ARGUMENTS) {
            throw new IllegalArgumentException(
                    "The run has " + arguments.size() + " arguments; expected at most " + MAX_ARGUMENTS);
        }
        for (Object name : arguments.keySet()) {
            int length = name instanceof String text ? text.length() : 0;
            if (length == 0 || length > MAX_NAME_LENGTH) {
                throw new IllegalArgumentException(
                        "The name of an argument has " + length + " characters; expected 1 to " + MAX_NAME_LENGTH);
            }
        }
        StringBuilder json = new StringBuilder();
        object("", arguments, 0, json);
        int bytes = json.toString().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw tooLarge(bytes);
        }
        return json.toString();
    }

    private static IllegalArgumentException tooLarge(int bytes) {
        return new IllegalArgumentException("The arguments have " + bytes + " bytes as JSON; expected at most "
                + MAX_BYTES + "; split them over several runs");
    }

    private static void write(String name, @Nullable Object value, int depth, StringBuilder json) {
        if (json.length() > MAX_BYTES) {
            throw tooLarge(json.length());
        }
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException(
                    "The argument " + name + " is nested too deeply; expected at most " + MAX_DEPTH + " levels");
        }
        if (value instanceof CharSequence text) {
            text(text, json);
        } else if (value instanceof Boolean
                || value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte) {
            json.append(value);
        } else if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            if (Double.isNaN(number) || Double.isInfinite(number)) {
                throw new IllegalArgumentException(
                        "The argument " + name + " is " + number + "; expected a finite number");
            }
            json.append(number);
        } else if (value instanceof Collection<?> items) {
            array(name, items, depth, json);
        } else if (value instanceof Map<?, ?> members) {
            object(name, members, depth, json);
        } else {
            throw new IllegalArgumentException("The argument " + name + " has a value of the type "
                    + (value == null ? "null" : value.getClass().getName())
                    + "; expected a text, a boolean, a whole number up to 64 bits, a double, a collection or a map");
        }
    }

    private static void array(String name, Collection<?> items, int depth, StringBuilder json) {
        String before = "[";
        for (Object item : items) {
            json.append(before);
            write(name, item, depth + 1, json);
            before = ",";
        }
        json.append(before.equals("[") ? "[]" : "]");
    }

    private static void object(String name, Map<?, ?> members, int depth, StringBuilder json) {
        Map<String, Object> sorted = new TreeMap<>();
        for (Map.Entry<?, ?> member : members.entrySet()) {
            if (!(member.getKey() instanceof String key) || member.getValue() == null) {
                throw new IllegalArgumentException(
                        "The argument " + (depth == 0 ? member.getKey() : name)
                                + " is or has a null, or a name that is not a text; expected names that are texts, and no null");
            }
            sorted.put(key, member.getValue());
        }
        String before = "{";
        for (Map.Entry<String, Object> member : sorted.entrySet()) {
            json.append(before);
            text(member.getKey(), json);
            json.append(':');
            write(depth == 0 ? member.getKey() : name, member.getValue(), depth + 1, json);
            before = ",";
        }
        json.append(before.equals("{") ? "{}" : "}");
    }

    private static void text(CharSequence text, StringBuilder json) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                json.append("\\u%04x".formatted((int) c)); // an unpaired surrogate has no form in UTF-8
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
