package io.gatehouse.boot;

import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Called by the container before the application starts, also when its web.xml is {@code metadata-complete}. An exception
 * from here keeps the application from starting, which is what a broken configuration deserves.
 */
public final class GatehouseInitializer implements ServletContainerInitializer {

    @Override
    public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context) {
        if (context.getAttribute(Gatehouse.ATTRIBUTE) == null) {
            Gatehouse.start(context);
        }
    }
}
