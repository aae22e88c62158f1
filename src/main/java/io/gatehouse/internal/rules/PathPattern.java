package io.gatehouse.internal.rules;

/**
 * A path pattern as in a servlet mapping (Servlet specification, 12.2): {@code /exact}, {@code /below/*} or {@code *.extension}. It
 * matches paths that the server has decoded and normalized, without the context path. Immutable.
 */
public record PathPattern(String text) {

    public PathPattern {
        boolean extension = text.startsWith("*.") && text.length() > 2 && text.indexOf('/') < 0;
        boolean path = text.startsWith("/");
        int star = text.indexOf('*', extension ? 1 : 0);
        if (!(extension || path) || (star >= 0 && !(path && text.endsWith("/*") && star == text.length() - 1))) {
            throw new IllegalArgumentException("paths as in a servlet mapping: /exact, /below/*, *.extension");
        }
    }

    /** Returns whether the pattern matches a path. */
    public boolean matches(String path) {
        if (text.startsWith("*")) {
            int length = text.length() - 1;
            return path.regionMatches(path.length() - length, text, 1, length);
        }
        if (!text.endsWith("/*")) {
            return path.equals(text);
        }
        int base = text.length() - 2;
        return path.regionMatches(0, text, 0, base) && (path.length() == base || path.charAt(base) == '/');
    }
}
