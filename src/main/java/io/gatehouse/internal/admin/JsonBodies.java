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
 * Reads request bodies in JSON by the server's JSON-P, because JSON-B reports neither a name that occurs twice nor the depth of
 * nesting. The only class here that mentions that API. Thread-safe.
 */
public final class JsonBodies {
    private static final int DEEPEST = 16;

    private final JsonProvider provider = JsonProvider.provider();

    /** Needs the API, and fails with a {@link LinkageError} or {@link RuntimeException} without it. */
    public JsonBodies() {}

    /** A text as JSON has it. */
    String quoted(String text) {
        return provider.createValue(text).toString();
    }

    /**
     * Reads an object: texts, lists and maps; anything else is there as a value of some other class.
     *
     * @throws ProblemException if it is not JSON in UTF-8, no object, too deep, or has a name twice
     */
    Map<String, Object> read(byte[] utf8) {
        try (JsonParser parser = provider.createParser(new StringReader(decoded(utf8)))) {
            if (parser.next() != Event.START_OBJECT) {
                throw ProblemException.invalid("The body is no object; expected {...}.");
            }
            Map<String, Object> members = object(parser, 1);
            if (parser.hasNext()) {
                parser.next(); // something behind the end, which throws
            }
            return members;
        } catch (JsonException | NoSuchElementException | IllegalStateException e) {
            throw ProblemException.invalid("The body is not JSON.");
        }
    }

    private static String decoded(byte[] utf8) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw ProblemException.invalid("The body is not UTF-8.");
        }
    }

    private static Map<String, Object> object(JsonParser parser, int depth) {
        Map<String, Object> members = new LinkedHashMap<>();
        while (parser.next() == Event.KEY_NAME) {
            String name = parser.getString();
            if (members.put(name, value(parser, parser.next(), depth)) != null) {
                throw ProblemException.invalid("The body has a member twice.");
            }
        }
        return members;
    }

    private static Object value(JsonParser parser, Event event, int depth) {
        if (depth >= DEEPEST && (event == Event.START_OBJECT || event == Event.START_ARRAY)) {
            throw ProblemException.invalid("The body is nested more than " + DEEPEST + " levels deep.");
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
        return event == Event.VALUE_STRING ? parser.getString() : event; // what else there is, nothing here takes
    }
}
