package io.gatehouse.internal.wiring;

import io.gatehouse.Gatehouse;
import io.gatehouse.GatehouseBuilder;
import jakarta.servlet.ServletContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The implementation of {@link GatehouseBuilder}, found by {@code ServiceLoader}. Not thread-safe. */
public final class DefaultGatehouseBuilder implements GatehouseBuilder {
    private final Map<String, String> settings = new LinkedHashMap<>();
    private Set<Class<?>> listenerClasses = Set.of();

    @Override
    public GatehouseBuilder setting(String name, String value) {
        settings.put(name, value);
        return this;
    }

    @Override
    public GatehouseBuilder settings(Map<String, String> more) {
        settings.putAll(more);
        return this;
    }

    @Override
    public GatehouseBuilder sessionListeners(Set<Class<?>> classes) {
        listenerClasses = Set.copyOf(classes);
        return this;
    }

    @Override
    public Optional<Gatehouse> start(ServletContext context) {
        if (Gatehouse.of(context).isPresent()) {
            throw new IllegalStateException(
                    "Gatehouse already runs in this application; expected one start, by the container or by the builder");
        }
        GatehouseStarter.start(context, listenerClasses, settings);
        return Gatehouse.of(context);
    }
}
