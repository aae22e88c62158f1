package io.gatehouse.serverconfig;

import io.gatehouse.internal.config.Setting;
import io.gatehouse.internal.wiring.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** {@code server-config/gatehouse.env}: a name and a value in each line, or a comment. */
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

    /** @throws AssertionError when it is no {@code NAME=value}, or one more for a name */
    static void put(Map<String, String> found, String line) {
        int equals = line.indexOf('=');
        if (equals < 1 || found.put(line.substring(0, equals), line.substring(equals + 1)) != null) {
            throw new AssertionError("not NAME=value, or twice: " + line);
        }
    }

    /**
     * Says what is wrong with a variable: a name that is none of ours and looks like it, or a value that the setting does not take. Of
     * {@code NAME_FILE} the value must be a path.
     */
    static Optional<String> problem(String name, String value) {
        if (!name.matches("(GATEHOUSE|REDIS)_.*")) {
            return Optional.empty();
        }
        for (Setting<?> setting : Settings.ALL) {
            if (setting.fileName().equals(name)) {
                return value.matches("(/[\\w.-]+)+") ? Optional.empty() : Optional.of(name + " is no path: " + value);
            }
            if (setting.name().equals(name)) {
                try {
                    Object parsed = setting.parser().apply(value);
                    return parsed != null ? Optional.empty() : Optional.of(name + " is nothing");
                } catch (IllegalArgumentException e) {
                    return Optional.of(name + " is " + value + " instead of " + e.getMessage());
                }
            }
        }
        return Optional.of("there is no setting " + name);
    }
}
