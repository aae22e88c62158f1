package io.gatehouse.boot;

import io.gatehouse.config.InvalidConfiguration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.annotation.HandlesTypes;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Called by the container before the application starts, also when its web.xml is {@code metadata-complete}. An exception
 * from here keeps the application from starting, which is what a broken configuration deserves. It is given the classes that
 * may be listeners of sessions, for servers that do not show us the listeners themselves.
 */
@HandlesTypes({HttpSessionListener.class, HttpSessionAttributeListener.class, HttpSessionIdListener.class})
public final class GatehouseInitializer implements ServletContainerInitializer {
    private static final System.Logger LOG = System.getLogger(GatehouseInitializer.class.getName());

    @Override
    public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context) {
        if (context.getAttribute(Gatehouse.ATTRIBUTE) == null) {
            try {
                Gatehouse.start(context, classes == null ? Set.of() : classes);
            } catch (InvalidConfiguration e) {
                LOG.log(System.Logger.Level.ERROR, e.getMessage()); // Open Liberty shows a failed start, and not why
                throw e;
            }
        }
    }
}
