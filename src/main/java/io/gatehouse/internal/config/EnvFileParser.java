package io.gatehouse.internal.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses the text of an {@link EnvFile}. Used once, by one thread. */
final class EnvFileParser {
    private static final Pattern BLANK = Pattern.compile("[ \\t]*(?:#[^\\n]*)?(?:\\n|\\z)");
    private static final Pattern START = Pattern.compile("[ \\t]*(?:export[ \\t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \\t]*=");
    private static final Pattern SPACE = Pattern.compile("[ \\t]*(?=['\"])");
    private static final Pattern UNQUOTED = Pattern.compile("[^\\n]*");
    private static final Pattern COMMENT = Pattern.compile("[ \\t]#.*");
    private static final Pattern REFERENCE = Pattern.compile("\\$[A-Za-z_{(]");

    private final String file;
    private final String text;
    private int position;

    EnvFileParser(String file, String text) {
        this.file = file;
        this.text = (text.startsWith("\uFEFF") ? text.substring(1) : text).replace("\r\n", "\n");
    }

    Map<String, String> parse() {
        Map<String, String> variables = new LinkedHashMap<>();
        while (position < text.length()) {
            if (skip(BLANK)) {
                continue;
            }
            Matcher start = matcher(START);
            if (!start.lookingAt()) {
                throw problem(
                        position,
                        "has no variable; expected NAME=value, with a name of letters, digits and underscores");
            }
            position = start.end();
            String value = value();
            if (value.indexOf('\0') >= 0) {
                throw problem(start.start(), "contains a NUL character; expected text");
            }
            variables.put(start.group(1), value);
        }
        return variables;
    }

    private String value() {
        boolean unused = skip(SPACE);
        char first = position < text.length() ? text.charAt(position) : '\n';
        if (first == '\'' || first == '"') {
            return quoted(first);
        }
        int start = position;
        unused = skip(UNQUOTED);
        String value = COMMENT.matcher(text.substring(start, position))
                .replaceFirst("")
                .strip();
        position++; // the end of the line
        if (REFERENCE.matcher(value).find()) {
            throw reference(start);
        }
        return value;
    }

    private String quoted(char quote) {
        int start = position;
        StringBuilder value = new StringBuilder();
        for (position++; position < text.length(); position++) {
            char c = text.charAt(position);
            if (c == quote) {
                position++;
                if (!skip(BLANK)) {
                    throw problem(
                            position, "has text after the closing quote; expected the end of the line or a comment");
                }
                return value.toString();
            }
            char next = position + 1 < text.length() ? text.charAt(position + 1) : '\0';
            if (c == '\\' && isEscape(quote, next)) {
                value.append(unescaped(next));
                position++;
            } else if (quote == '"' && c == '$' && REFERENCE.matcher("$" + next).matches()) {
                throw reference(position);
            } else {
                value.append(c);
            }
        }
        throw problem(start, "has a quote that is never closed; expected " + quote + " after the value");
    }

    private static boolean isEscape(char quote, char next) {
        return quote == '\'' ? next == '\'' : "nrt\"\\$".indexOf(next) >= 0;
    }

    private static char unescaped(char escape) {
        return switch (escape) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> escape;
        };
    }

    private IllegalArgumentException reference(int at) {
        return problem(
                at,
                "has a reference such as $NAME, ${NAME} or $(command), which is not expanded; expected the value itself, in single quotes"
                        + " if the dollar sign is part of it");
    }

    private IllegalArgumentException problem(int at, String what) {
        long line = 1
                + text.substring(0, Math.min(at, text.length()))
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
        return new IllegalArgumentException(file + ", line " + line + " " + what);
    }

    private boolean skip(Pattern pattern) {
        Matcher matcher = matcher(pattern);
        boolean found = matcher.lookingAt();
        position = found ? matcher.end() : position;
        return found;
    }

    private Matcher matcher(Pattern pattern) {
        return pattern.matcher(text).region(position, text.length());
    }
}
