package io.gatehouse.internal.wiring;

import io.gatehouse.internal.config.ConfigSource;
import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sources of settings, in order of precedence: the builder, MicroProfile Config, system properties, the environment, and the
 * context parameters of web.xml.
 */
final class ConfigSources {
    private ConfigSources() {}

    static List<ConfigSource> of(ServletContext context, Map<String, String> overrides) {
        List<ConfigSource> sources = new ArrayList<>();
        if (!overrides.isEmpty()) {
            sources.add(ConfigSource.of("builder", Map.copyOf(overrides)));
        }
        ConfigSource microProfile = microProfile();
        if (microProfile != null) {
            sources.add(microProfile);
        }
        sources.add(ConfigSource.systemProperties());
        sources.add(ConfigSource.environment());
        Map<String, String> parameters = new HashMap<>();
        context.getInitParameterNames()
                .asIterator()
                .forEachRemaining(name -> parameters.put(name, context.getInitParameter(name)));
        sources.add(ConfigSource.of("context parameters", parameters));
        return sources;
    }

    private static @Nullable ConfigSource microProfile() {
        return OptionalApi.tryLoad(
                "MicroProfile Config", "settings come from system properties and the environment", () -> {
                    ConfigSource source = MicroProfileConfig.source();
                    @Nullable
                    String unused =
                            source.values().apply("REDIS_URL"); // fails here if the server has not configured it
                    return source;
                });
    }
}
