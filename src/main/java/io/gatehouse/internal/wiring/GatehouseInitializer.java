package io.gatehouse.internal.wiring;

import io.gatehouse.InvalidConfigurationException;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.annotation.HandlesTypes;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Starts Gatehouse before the application starts, also if its web.xml is {@code metadata-complete}. An exception keeps the
 * application from starting, as a broken configuration should. The container passes the classes that may be session listeners,
 * for servers that do not reveal the listeners themselves.
 */
@HandlesTypes({HttpSessionListener.class, HttpSessionAttributeListener.class, HttpSessionIdListener.class})
public final class GatehouseInitializer implements ServletContainerInitializer {
    private static final System.Logger LOG = System.getLogger(GatehouseInitializer.class.getName());

    @Override
    public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context) {
        if (context.getAttribute(GatehouseStarter.ATTRIBUTE) == null) {
            try {
                GatehouseStarter.start(context, classes == null ? Set.of() : classes, Map.of());
            } catch (InvalidConfigurationException e) {
                LOG.log(System.Logger.Level.ERROR, e.getMessage()); // Open Liberty shows a failed start, and not why
                throw e;
            }
        }
    }
}
