package io.gatehouse.internal.web;

import io.gatehouse.internal.rules.PathPattern;

/**
 * A login form.
 *
 * @param path the path that it is posted to
 * @param field the name of the field with the account; in JSON a member at top level, or a path such as {@code credentials.user}
 */
record LoginForm(PathPattern path, String field) {

    /**
     * Parses a path and the name of a field, separated by white space.
     *
     * @throws IllegalArgumentException if the text is malformed; the message says what was expected
     */
    static LoginForm parse(String text) {
        String[] parts = text.split("\\s+", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException("a path and the name of a field, such as /login username");
        }
        return new LoginForm(new PathPattern(parts[0]), parts[1]);
    }

    /** Returns the path without the wildcard of a pattern: {@code /login} for {@code /login/*}. */
    String base() {
        String text = path.text();
        return text.endsWith("/*") ? text.substring(0, text.length() - 2) : text;
    }

    /** Returns whether a path is below the form. */
    boolean isAbove(String path) {
        String text = path().text();
        int base = text.endsWith("/*") ? text.length() - 2 : text.length();
        return path.length() > base && path.charAt(base) == '/' && path.regionMatches(0, text, 0, base);
    }

    /** Returns whether a servlet with this mapping serves the form and few other paths. */
    boolean isServedBy(String mapping) {
        return mapping.equals(path.text()) || mapping.equals(base()) || mapping.equals(base() + "/*");
    }
}
