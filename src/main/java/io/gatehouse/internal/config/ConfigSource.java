package io.gatehouse.internal.config;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A source of settings: the environment, system properties, MicroProfile Config, or a web.xml.
 *
 * @param label the name of the source in messages, such as {@code environment}
 * @param values returns the value of a name, or null if the source does not have it
 * @param names returns all names in the source, so that misspelled ones can be reported
 */
public record ConfigSource(String label, Function<String, @Nullable String> values, Supplier<Set<String>> names) {

    /** Returns the environment variables of the process. */
    public static ConfigSource environment() {
        return of("environment", System.getenv());
    }

    /** Returns the system properties. */
    public static ConfigSource systemProperties() {
        return new ConfigSource(
                "system properties",
                System::getProperty,
                () -> new TreeSet<>(System.getProperties().stringPropertyNames()));
    }

    /** Returns a source with the given values. */
    public static ConfigSource of(String label, Map<String, String> values) {
        return new ConfigSource(label, values::get, values::keySet);
    }
}
