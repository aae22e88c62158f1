package io.gatehouse.serverconfig;

import io.gatehouse.internal.config.Setting;
import io.gatehouse.internal.wiring.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads {@code server-config/gatehouse.env}, which has a name and a value or a comment on each line. */
public final class EnvironmentFile {
    private static final Path FILE = Path.of("server-config", "gatehouse.env");

    private EnvironmentFile() {}

    public static Map<String, String> read() throws IOException {
        Map<String, String> found = new LinkedHashMap<>();
        for (String line : Files.readAllLines(FILE)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                put(found, line);
            }
        }
        return found;
    }

    /**
     * Adds the variable of a line.
     *
     * @throws AssertionError if the line is not {@code NAME=value} or repeats a name
     */
    static void put(Map<String, String> found, String line) {
        int equals = line.indexOf('=');
        if (equals < 1 || found.put(line.substring(0, equals), line.substring(equals + 1)) != null) {
            throw new AssertionError("not NAME=value, or twice: " + line);
        }
    }

    /**
     * Returns the problem of a variable: an unknown name that looks like one of Gatehouse, or a value that the setting
     * rejects. The value of a {@code NAME_FILE} variable must be a path.
     */
    static Optional<String> problem(String name, String value) {
        if (!name.matches("(GATEHOUSE|REDIS)_.*")) {
            return Optional.empty();
        }
        for (Setting<?> setting : Settings.ALL) {
            if (setting.fileName().equals(name)) {
                return value.matches("(/[\\w.-]+)+")
                        ? Optional.empty()
                        : Optional.of(name + " is not a path: " + value);
            }
            if (setting.name().equals(name)) {
                try {
                    Object parsed = setting.parser().apply(value);
                    return parsed != null ? Optional.empty() : Optional.of(name + " has no value");
                } catch (IllegalArgumentException e) {
                    return Optional.of(name + " is " + value + " instead of " + e.getMessage());
                }
            }
        }
        return Optional.of("there is no setting " + name);
    }
}
