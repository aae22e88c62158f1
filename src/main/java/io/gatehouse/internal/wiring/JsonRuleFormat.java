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
 * Rules as {@code {"rules": {"login": {"limit": "5/min"}}, "allow": []}}, by the server's JSON-P, which tells the lines. The
 * only class that mentions it, loaded only when asked for.
 */
final class JsonRuleFormat implements RuleFormat {
    private static final int DEEPEST = 16;

    private final JsonProvider provider = JsonProvider.provider();

    @Override
    public void read(String text, RuleReader into) {
        try (JsonParser parser = provider.createParser(new StringReader(text))) {
            new Walk(parser, into).document();
        } catch (JsonParsingException e) {
            into.problem(line(e.getLocation()), "this is not JSON at column " + column(e.getLocation(), text));
        } catch (NoSuchElementException e) {
            into.problem(1, "this JSON has no end");
        } catch (TooDeep e) {
            into.problem(e.line, "this is nested more than " + DEEPEST + " levels deep");
        }
    }

    private static int line(JsonLocation location) {
        return (int) Math.max(1, location.getLineNumber());
    }

    /** The column, which some parsers tell too high where the text ends too soon. */
    private static long column(JsonLocation location, String text) {
        int length = text.lines()
                .skip(line(location) - 1L)
                .findFirst()
                .map(String::length)
                .orElse(0);
        return Math.min(Math.max(1, location.getColumnNumber()), length + 1L);
    }

    private static final class TooDeep extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int line;

        TooDeep(int line) {
            super("nested too deep", null, false, false);
            this.line = line;
        }
    }

    /** One walk through a text. */
    private record Walk(JsonParser parser, RuleReader into) {

        void document() {
            parser.next();
            boolean rules = false;
            while (parser.next() == Event.KEY_NAME) {
                String name = parser.getString();
                int line = line();
                if (!name.equals("rules")) {
                    member(line, "", name);
                } else if (rules) {
                    into.problem(line, "'rules' is there twice");
                    skip(parser.next());
                } else {
                    rules = true;
                    rules(line);
                }
            }
            if (parser.hasNext()) {
                parser.next(); // something behind the end, which throws
            }
        }

        private void rules(int line) {
            Event value = parser.next();
            if (value != Event.START_OBJECT) {
                into.problem(line, "'rules' is no object; expected {\"rules\": {\"login\": {...}}}");
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
                        "rule " + RuleReader.quoted(name) + " is no object; expected {\"level\": ..., \"limit\": ...}");
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
                                + " is nothing of that kind; expected a text, a number, true or false, or a list of these");
            } else {
                into.entry(line, rule, key, value);
            }
        }

        private @Nullable String items() {
            List<String> items = new ArrayList<>();
            boolean good = true;
            for (Event event = parser.next(); event != Event.END_ARRAY; event = parser.next()) {
                String item = scalar(event);
                if (item == null) {
                    good = false;
                } else {
                    items.add(item);
                }
            }
            return good ? String.join(", ", items) : null;
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

        /** Passes over a value that begins with an event. */
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
                if (depth > DEEPEST) {
                    throw new TooDeep(line());
                }
            }
        }

        private int line() {
            return JsonRuleFormat.line(parser.getLocation());
        }
    }
}
