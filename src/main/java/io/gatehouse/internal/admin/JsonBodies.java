package io.gatehouse.internal.admin;

import jakarta.json.JsonException;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParser.Event;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * Parses JSON request bodies with the server's JSON-P. JSON-B would detect neither duplicate names nor the depth of
 * nesting. Only this class of the package uses that API. Thread-safe.
 */
public final class JsonBodies {
    private static final int MAX_DEPTH = 16;

    private final JsonProvider provider = JsonProvider.provider();

    /** Throws a {@link LinkageError} or {@link RuntimeException} if the server has no JSON-P. */
    public JsonBodies() {}

    /** Returns a text as a JSON string. */
    String quoted(String text) {
        return provider.createValue(text).toString();
    }

    /**
     * Parses an object. Its values are strings, booleans, longs, doubles, lists and maps. Null, and a number that neither a long nor a finite
     * double can hold, are represented by an object of another class, which no field accepts.
     *
     * @throws ProblemException if the body is not a JSON object in UTF-8, is nested too deeply, or has a duplicate member
     */
    Map<String, Object> read(byte[] utf8) {
        try (JsonParser parser = provider.createParser(new StringReader(decoded(utf8)))) {
            if (parser.next() != Event.START_OBJECT) {
                throw ProblemException.invalid("The body is not a JSON object; expected {...}.");
            }
            Map<String, Object> members = object(parser, 1);
            if (parser.hasNext()) {
                parser.next(); // trailing content, for which the parser throws
            }
            return members;
        } catch (JsonException | NoSuchElementException | IllegalStateException e) {
            throw ProblemException.invalid("The body is not valid JSON.");
        }
    }

    private static String decoded(byte[] utf8) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw ProblemException.invalid("The body is not valid UTF-8.");
        }
    }

    private static Map<String, Object> object(JsonParser parser, int depth) {
        Map<String, Object> members = new LinkedHashMap<>();
        while (parser.next() == Event.KEY_NAME) {
            String name = parser.getString();
            if (members.put(name, value(parser, parser.next(), depth)) != null) {
                throw ProblemException.invalid("The body has a duplicate member.");
            }
        }
        return members;
    }

    private static Object value(JsonParser parser, Event event, int depth) {
        if (depth >= MAX_DEPTH && (event == Event.START_OBJECT || event == Event.START_ARRAY)) {
            throw ProblemException.invalid("The body is nested too deeply; expected at most " + MAX_DEPTH + " levels.");
        }
        if (event == Event.START_OBJECT) {
            return object(parser, depth + 1);
        }
        if (event == Event.START_ARRAY) {
            List<Object> items = new ArrayList<>();
            for (Event item = parser.next(); item != Event.END_ARRAY; item = parser.next()) {
                items.add(value(parser, item, depth + 1));
            }
            return items;
        }
        if (event == Event.VALUE_TRUE || event == Event.VALUE_FALSE) {
            return event == Event.VALUE_TRUE;
        }
        if (event == Event.VALUE_NUMBER) {
            return number(parser.getString(), event);
        }
        return event == Event.VALUE_STRING ? parser.getString() : event;
    }

    private static Object number(String text, Object ifTooLarge) {
        try {
            if (text.matches("-?[0-9]+")) {
                return Long.valueOf(text);
            }
        } catch (NumberFormatException e) {
            return ifTooLarge;
        }
        double number = Double.parseDouble(text);
        return Double.isFinite(number) ? number : ifTooLarge;
    }
}
