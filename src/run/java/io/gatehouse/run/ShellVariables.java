package io.gatehouse.run;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Formats variables as lines that a POSIX shell can read with {@code .}. */
final class ShellVariables {
    private ShellVariables() {}

    /** Returns one {@code export} per variable, ordered by name. Values may contain any character. */
    static String exports(Map<String, String> variables) {
        return new TreeMap<>(variables)
                .entrySet().stream()
                        .map(entry -> "export " + name(entry.getKey()) + "=" + quoted(entry.getValue()) + "\n")
                        .collect(Collectors.joining());
    }

    private static String name(String name) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw new IllegalArgumentException("invalid variable name " + name
                    + "; expected letters, digits and underscores, not starting with a digit");
        }
        return name;
    }

    /** Quotes a value. Within single quotes, a shell interprets no character except the single quote itself. */
    private static String quoted(String value) {
        return "'" + value.replace("'", "'\\''") + "'";
    }
}
