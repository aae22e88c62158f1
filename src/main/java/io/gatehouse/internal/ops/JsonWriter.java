package io.gatehouse.internal.ops;

import java.util.Collection;
import java.util.Map;

/**
 * Writes records as JSON (RFC 8259) for the admin API, the health endpoints and the command line.
 * {@link RecordMembers} defines the members. It needs no Jakarta API, so that it also works in the command line.
 */
public final class JsonWriter {
    private JsonWriter() {}

    /** Returns the record as one JSON object in one line. */
    public static String write(Record value) {
        StringBuilder json = new StringBuilder();
        write(value, json);
        return json.toString();
    }

    private static void write(Object unformatted, StringBuilder json) {
        Object value = RecordMembers.plain(unformatted);
        if (value instanceof Record || value instanceof Map<?, ?>) {
            object(value, json);
        } else if (value instanceof Collection<?> items) {
            array(items, json);
        } else if (value instanceof Number || value instanceof Boolean) {
            json.append(value);
        } else {
            text(value.toString(), json);
        }
    }

    private static void object(Object value, StringBuilder json) {
        char before = '{';
        for (RecordMembers.Member member : RecordMembers.of(value)) {
            json.append(before);
            text(member.name(), json);
            json.append(':');
            write(member.value(), json);
            before = ',';
        }
        json.append(before == '{' ? "{}" : "}");
    }

    private static void array(Collection<?> items, StringBuilder json) {
        char before = '[';
        for (Object item : items) {
            json.append(before);
            write(item, json);
            before = ',';
        }
        json.append(before == '[' ? "[]" : "]");
    }

    private static void text(String text, StringBuilder json) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> json.append('\\').append(c);
                case '\b' -> json.append("\\b");
                case '\f' -> json.append("\\f");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (c < ' ') {
                        json.append("\\u%04x".formatted((int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        json.append('"');
    }
}
