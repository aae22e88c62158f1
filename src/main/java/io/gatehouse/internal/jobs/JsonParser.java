package io.gatehouse.internal.jobs;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses one JSON object (RFC 8259) of texts, numbers, booleans, arrays and objects. A whole number becomes a {@link Long}, any other
 * a {@link Double}; the collections are unmodifiable. Refuses duplicate names, null, and more levels than {@link
 * JobArguments#MAX_DEPTH}. Not thread-safe.
 */
final class JsonParser {
    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    private final String json;
    private int position;

    JsonParser(String json) {
        this.json = json;
    }

    /**
     * Parses the text.
     *
     * @throws IllegalArgumentException if it is not a JSON object with such values
     */
    Map<String, Object> object() {
        skipSpace();
        Map<String, Object> members = object(0);
        skipSpace();
        if (position < json.length()) {
            throw malformed("the end of the text");
        }
        return members;
    }

    private Map<String, Object> object(int depth) {
        expect('{');
        Map<String, Object> members = new LinkedHashMap<>();
        skipSpace();
        while (!accept('}')) {
            if (!members.isEmpty()) {
                expect(',');
                skipSpace();
            }
            String name = text();
            skipSpace();
            expect(':');
            if (members.put(name, value(depth + 1)) != null) {
                throw malformed(
                        "names that occur once in their object; " + JobProgress.clip(name, 64) + " occurs twice");
            }
            skipSpace();
        }
        return Collections.unmodifiableMap(members);
    }

    private List<Object> array(int depth) {
        expect('[');
        List<Object> items = new ArrayList<>();
        skipSpace();
        while (!accept(']')) {
            if (!items.isEmpty()) {
                expect(',');
            }
            items.add(value(depth + 1));
            skipSpace();
        }
        return Collections.unmodifiableList(items);
    }

    private Object value(int depth) {
        skipSpace();
        if (depth > JobArguments.MAX_DEPTH) {
            throw malformed("at most " + JobArguments.MAX_DEPTH + " levels");
        }
        return switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> text();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            default -> number();
        };
    }

    private Object word(String word, Object meaning) {
        if (!json.startsWith(word, position)) {
            throw malformed(word);
        }
        position += word.length();
        return meaning;
    }

    private Object number() {
        Matcher number = NUMBER.matcher(json).region(position, json.length());
        if (!number.lookingAt()) {
            throw malformed("a text, a number, true, false, an array or an object");
        }
        position = number.end();
        boolean whole = number.group(1) == null && number.group(2) == null;
        double value = Double.parseDouble(number.group());
        if (!whole && Double.isFinite(value)) {
            return value;
        }
        try {
            return Long.parseLong(number.group());
        } catch (NumberFormatException e) {
            throw malformed("a whole number of at most 64 bits, or a finite double");
        }
    }

    private String text() {
        expect('"');
        StringBuilder text = new StringBuilder();
        while (true) {
            char c = next();
            if (c == '"') {
                return text.toString();
            }
            if (c < ' ') {
                throw malformed("control characters written as \\u and four digits");
            }
            text.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() {
        char c = next();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw malformed("an escape of JSON");
        };
    }

    private char unicode() {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(next(), 16);
            if (digit < 0) {
                throw malformed("four hexadecimal digits");
            }
            code = code * 16 + digit;
        }
        return (char) code;
    }

    private void skipSpace() {
        while (position < json.length() && " \t\r\n".indexOf(json.charAt(position)) >= 0) {
            position++;
        }
    }

    private boolean accept(char c) {
        if (peek() != c) {
            return false;
        }
        position++;
        return true;
    }

    private void expect(char c) {
        if (!accept(c)) {
            throw malformed("'" + c + "'");
        }
    }

    private char next() {
        char c = peek();
        position++;
        return c;
    }

    private char peek() {
        if (position >= json.length()) {
            throw malformed("more text");
        }
        return json.charAt(position);
    }

    /** Names the position and not the text, which may be personal data. */
    private IllegalArgumentException malformed(String expected) {
        return new IllegalArgumentException(
                "The arguments are not valid JSON at character " + (position + 1) + "; expected " + expected);
    }
}
