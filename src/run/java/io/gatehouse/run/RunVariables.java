package io.gatehouse.run;

import io.gatehouse.internal.config.EnvFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The variables that a user sets for {@code mvn -Prun}: those of the environment, and below them those of a file of variables. Both
 * precede the defaults of the sample. Immutable.
 *
 * @param environment the environment of this process, which the servers inherit
 * @param file the variables of the file that the environment does not have
 */
record RunVariables(Map<String, String> environment, Map<String, String> file) {

    /**
     * Reads the file of variables.
     *
     * @param name the file, or null for {@code .env} in the folder if it exists
     * @throws IllegalArgumentException if the file cannot be read or is malformed
     */
    static RunVariables read(Path folder, @Nullable String name, Map<String, String> environment) {
        Path file = name == null ? folder.resolve(".env") : folder.resolve(name);
        return new RunVariables(
                environment,
                name == null && !Files.exists(file)
                        ? Map.of()
                        : EnvFile.read(file.toString()).without(environment::containsKey));
    }

    /** Returns the value that the user has set, or null. */
    @Nullable
    String value(String name) {
        String value = environment.get(name);
        return value == null ? file.get(name) : value;
    }

    /** Returns whether the user has set a variable whose name starts with a text. */
    boolean hasAny(String beginning) {
        return environment.keySet().stream().anyMatch(name -> name.startsWith(beginning))
                || file.keySet().stream().anyMatch(name -> name.startsWith(beginning));
    }

    /** Returns the defaults, overridden by what the user has set, and the variables of the file. */
    Map<String, String> over(Map<String, String> defaults) {
        Map<String, String> all = new LinkedHashMap<>(defaults);
        all.replaceAll((name, value) -> environment.getOrDefault(name, value));
        all.putAll(file);
        return all;
    }
}
