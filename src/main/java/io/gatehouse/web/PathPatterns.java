package io.gatehouse.web;

import java.util.List;

/** Paths as servlet mappings write them: {@code /exact}, {@code /below/*}, {@code *.extension}. */
record PathPatterns(List<String> patterns) {

    static boolean isPattern(String text) {
        return text.matches("/[^*]*(/\\*)?|/\\*|\\*\\.[^*/]+");
    }

    boolean matches(String path) {
        for (String pattern : patterns) {
            if (matches(pattern, path)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(String pattern, String path) {
        if (pattern.startsWith("*.")) {
            return path.endsWith(pattern.substring(1));
        }
        if (pattern.endsWith("/*")) {
            String folder = pattern.substring(0, pattern.length() - 2);
            return path.equals(folder) || path.startsWith(folder + "/");
        }
        return path.equals(pattern);
    }
}
