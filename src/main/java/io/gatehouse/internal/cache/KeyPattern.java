package io.gatehouse.internal.cache;

import java.util.regex.Pattern;

/** Which keys of a region are meant: {@code *} stands for any text, {@code ?} for one character, all else for itself. */
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

    /** Whether it says nothing about a key. */
    boolean fitsEverything() {
        return text.chars().allMatch(character -> character == '*' || character == '?');
    }

    boolean fits(String key) {
        return regex.matcher(key).matches();
    }

    String text() {
        return text;
    }

    /** In the language of Redis, where more characters are special than here. */
    String glob() {
        StringBuilder glob = new StringBuilder();
        text.codePoints().forEach(point -> {
            String character = Character.toString(point);
            glob.append(point == '*' || point == '?' ? character : escape(character));
        });
        return glob.toString();
    }

    static String escape(String text) {
        return SPECIAL.matcher(text).replaceAll("\\\\$1");
    }
}
