package io.gatehouse.boot;

import io.gatehouse.config.ConfigSource;
import io.gatehouse.ratelimit.RuleNotation;
import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where settings come from, in order: MicroProfile Config, system properties, environment, the web.xml's context parameters. */
final class Sources {
    private static final System.Logger LOG = System.getLogger(Sources.class.getName());

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
        return optional("MicroProfile Config", "settings come from system properties and the environment", () -> {
            ConfigSource source = MicroProfileConfig.source();
            @Nullable String unused = source.values().apply("REDIS_URL"); // fails here if it is not set up
            return source;
        });
    }

    /** Rules in JSON, where the server has what reads it; that is looked for when the first are read. */
    static RuleNotation json() {
        return (text, into) -> {
            RuleNotation json = optional("JSON-P", "rate limits can only be properties", () -> {
                return new JsonNotation(); // a method reference would look for JSON-P here, out of reach of the catch
            });
            if (json == null) {
                into.problem(1, "this server has no JSON-P to read JSON with; expected properties");
            } else {
                json.read(text, into);
            }
        };
    }

    /** A part that needs an API which the server may not have; says so in one line if it has not. */
    static <T> @Nullable T optional(String what, String without, Supplier<T> part) {
        try {
            return part.get();
        } catch (LinkageError | RuntimeException e) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "{0} is not there ({1}): {2}",
                    what,
                    e.getClass().getSimpleName(),
                    without);
            return null;
        }
    }
}
