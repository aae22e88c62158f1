package io.gatehouse.internal.config;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A place where settings may stand: the environment, system properties, MicroProfile Config, a web.xml.
 *
 * @param label how messages name it, such as {@code environment}
 * @param values the value of a name, or null where the source does not have it
 * @param names every name the source has, so that misspelt ones can be told
 */
public record ConfigSource(String label, Function<String, @Nullable String> values, Supplier<Set<String>> names) {

    public static ConfigSource environment() {
        return of("environment", System.getenv());
    }

    public static ConfigSource systemProperties() {
        return new ConfigSource(
                "system properties",
                System::getProperty,
                () -> new TreeSet<>(System.getProperties().stringPropertyNames()));
    }

    public static ConfigSource of(String label, Map<String, String> values) {
        return new ConfigSource(label, values::get, values::keySet);
    }
}
