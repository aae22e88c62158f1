package io.gatehouse.internal.wiring;

import io.gatehouse.internal.rules.RuleFormat;
import io.gatehouse.internal.rules.RuleReader;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonLocation;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParser.Event;
import jakarta.json.stream.JsonParsingException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The JSON format of rate limit rules: {@code {"rules": {"login": {"limit": "5/min"}}, "allow": []}}. It is parsed by the server's
 * JSON-P, which reports line numbers. Only this class refers to JSON-P, so that Gatehouse also works on servers without it.
 */
final class JsonRuleFormat implements RuleFormat {
    private static final int MAX_DEPTH = 16;

    private final JsonProvider provider = JsonProvider.provider();

    @Override
    public void read(String text, RuleReader into) {
        try (JsonParser parser = provider.createParser(new StringReader(text))) {
            new Parsing(parser, into).document();
        } catch (JsonParsingException e) {
            into.problem(line(e.getLocation()), "this is not JSON at column " + column(e.getLocation(), text));
        } catch (NoSuchElementException e) {
            into.problem(1, "this JSON ends too early");
        } catch (TooDeepException e) {
            into.problem(e.line, "this JSON is nested too deeply; expected at most " + MAX_DEPTH + " levels");
        }
    }

    private static int line(JsonLocation location) {
        return (int) Math.max(1, location.getLineNumber());
    }

    /** Returns the column. Some parsers report one beyond the line if the text ends too early. */
    private static long column(JsonLocation location, String text) {
        int length = text.lines()
                .skip(line(location) - 1L)
                .findFirst()
                .map(String::length)
                .orElse(0);
        return Math.min(Math.max(1, location.getColumnNumber()), length + 1L);
    }

    private static final class TooDeepException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int line;

        TooDeepException(int line) {
            super("nested too deep", null, false, false);
            this.line = line;
        }
    }

    /** Parses one text and passes what it finds to a {@link RuleReader}. */
    private record Parsing(JsonParser parser, RuleReader into) {

        void document() {
            parser.next();
            boolean rules = false;
            while (parser.next() == Event.KEY_NAME) {
                String name = parser.getString();
                int line = line();
                if (!name.equals("rules")) {
                    member(line, "", name);
                } else if (rules) {
                    into.problem(line, "'rules' occurs twice; expected it once");
                    skip(parser.next());
                } else {
                    rules = true;
                    rules(line);
                }
            }
            if (parser.hasNext()) {
                parser.next(); // throws, because there is text after the end
            }
        }

        private void rules(int line) {
            Event value = parser.next();
            if (value != Event.START_OBJECT) {
                into.problem(line, "'rules' is not an object; expected {\"rules\": {\"login\": {...}}}");
                skip(value);
                return;
            }
            while (parser.next() == Event.KEY_NAME) {
                rule(line(), parser.getString());
            }
        }

        private void rule(int line, String name) {
            boolean first = into.rule(line, name);
            Event value = parser.next();
            if (value != Event.START_OBJECT && first) {
                into.problem(
                        line,
                        "rule " + RuleReader.quoted(name)
                                + " is not an object; expected {\"level\": ..., \"limit\": ...}");
            }
            if (value != Event.START_OBJECT || !first) {
                skip(value);
                return;
            }
            while (parser.next() == Event.KEY_NAME) {
                member(line(), name, parser.getString());
            }
        }

        private void member(int line, String rule, String key) {
            Event event = parser.next();
            String value = event == Event.START_ARRAY ? items() : scalar(event);
            if (value == null) {
                into.problem(
                        line,
                        RuleReader.quoted(rule.isEmpty() ? key : rule + "." + key)
                                + " has a value of another type; expected a string, a number, true or false, or a list of these");
            } else {
                into.entry(line, rule, key, value);
            }
        }

        private @Nullable String items() {
            List<String> items = new ArrayList<>();
            boolean allScalar = true;
            for (Event event = parser.next(); event != Event.END_ARRAY; event = parser.next()) {
                String item = scalar(event);
                if (item == null) {
                    allScalar = false;
                } else {
                    items.add(item);
                }
            }
            return allScalar ? String.join(", ", items) : null;
        }

        private @Nullable String scalar(Event event) {
            if (event == Event.VALUE_STRING || event == Event.VALUE_NUMBER) {
                return parser.getString();
            }
            if (event == Event.VALUE_TRUE || event == Event.VALUE_FALSE) {
                return Boolean.toString(event == Event.VALUE_TRUE);
            }
            skip(event);
            return null;
        }

        /** Skips the value that starts with an event. */
        private void skip(Event first) {
            int depth = 0;
            for (Event event = first; ; event = parser.next()) {
                if (event == Event.START_OBJECT || event == Event.START_ARRAY) {
                    depth++;
                } else if (event == Event.END_OBJECT || event == Event.END_ARRAY) {
                    depth--;
                }
                if (depth == 0) {
                    return;
                }
                if (depth > MAX_DEPTH) {
                    throw new TooDeepException(line());
                }
            }
        }

        private int line() {
            return JsonRuleFormat.line(parser.getLocation());
        }
    }
}
