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
 * The container initializer that starts Gatehouse before the application, even if its web.xml is {@code metadata-complete}. An
 * invalid configuration is thrown as an exception, which keeps the application from starting. The container passes the classes that
 * may be session listeners; they are needed on servers whose registered listeners cannot be read.
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
                LOG.log(
                        System.Logger.Level.ERROR,
                        e.getMessage()); // Open Liberty reports that the start failed, but not why
                throw e;
            }
        }
    }
}
