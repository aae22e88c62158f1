package io.gatehouse.boot;

import io.gatehouse.assembly.OptionalApi;
import io.gatehouse.config.ConfigSource;
import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where settings come from, in order: MicroProfile Config, system properties, environment, the web.xml's context parameters. */
final class Sources {
    private Sources() {}

    static List<ConfigSource> of(ServletContext context) {
        List<ConfigSource> sources = new ArrayList<>();
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
        return OptionalApi.part(
                "MicroProfile Config", "settings come from system properties and the environment", () -> {
                    ConfigSource source = MicroProfileConfig.source();
                    @Nullable String unused = source.values().apply("REDIS_URL"); // fails here if it is not set up
                    return source;
                });
    }
}
