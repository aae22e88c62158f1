package io.gatehouse.internal.cache;

import java.util.regex.Pattern;

/**
 * A glob over the keys of a region: {@code *} matches any text, {@code ?} matches one character, every other character matches
 * itself. Immutable.
 */
final class KeyPattern {
    private static final Pattern SPECIAL = Pattern.compile("([\\[\\]\\\\^*?-])");

    private final String text;
    private final Pattern regex;

    KeyPattern(String text) {
        this.text = CacheKeys.checked(text);
        StringBuilder expression = new StringBuilder();
        text.codePoints().forEach(point -> {
            if (point == '*') {
                expression.append(".*");
            } else if (point == '?') {
                expression.append('.');
            } else {
                expression.append(Pattern.quote(Character.toString(point)));
            }
        });
        this.regex = Pattern.compile(expression.toString(), Pattern.DOTALL);
    }

    /** Returns whether the pattern consists of wildcards only. */
    boolean matchesEverything() {
        return text.chars().allMatch(character -> character == '*' || character == '?');
    }

    boolean matches(String key) {
        return regex.matcher(key).matches();
    }

    String text() {
        return text;
    }

    /** Returns the pattern as a Redis glob, with the characters escaped that are special only to Redis. */
    String glob() {
        StringBuilder glob = new StringBuilder();
        text.codePoints().forEach(point -> {
            String character = Character.toString(point);
            glob.append(point == '*' || point == '?' ? character : escape(character));
        });
        return glob.toString();
    }

    /** Escapes the characters that are special in a Redis glob. */
    static String escape(String text) {
        return SPECIAL.matcher(text).replaceAll("\\\\$1");
    }
}
