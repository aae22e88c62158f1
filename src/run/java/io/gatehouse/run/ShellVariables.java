package io.gatehouse.run;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Variables as lines that a POSIX shell reads with {@code .}. */
final class ShellVariables {
    private ShellVariables() {}

    /** One {@code export} for each variable, in the order of names; a value arrives as it is, whatever characters it has. */
    static String exports(Map<String, String> variables) {
        return new TreeMap<>(variables)
                .entrySet().stream()
                        .map(entry -> "export " + name(entry.getKey()) + "=" + quoted(entry.getValue()) + "\n")
                        .collect(Collectors.joining());
    }

    private static String name(String name) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw new IllegalArgumentException("not the name of a variable: " + name);
        }
        return name;
    }

    /** Between single quotes a shell leaves every character as it is but the single quote itself. */
    private static String quoted(String value) {
        return "'" + value.replace("'", "'\\''") + "'";
    }
}
