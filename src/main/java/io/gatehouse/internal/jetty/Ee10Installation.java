package io.gatehouse.internal.jetty;

import jakarta.servlet.ServletContext;
import java.util.function.Predicate;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.SessionHandler;
import org.jspecify.annotations.Nullable;

/** Has a context with Jakarta EE 10 use the sessions of Gatehouse. */
final class Ee10Installation implements Predicate<ServletContext> {
    private @Nullable String obstacle;

    @Override
    public boolean test(ServletContext application) {
        ServletContextHandler context = ServletContextHandler.getServletContextHandler(application);
        SessionHandler own = context == null ? null : context.getSessionHandler();
        obstacle = Obstacles.of(context, own, SessionHandler.class);
        if (obstacle != null || context == null || own == null) {
            return false;
        }
        Ee10SessionHandler handler = new Ee10SessionHandler(application);
        SessionConfiguration.copy(own, handler);
        own.getEventListeners().forEach(handler::addEventListener);
        context.setSessionHandler(handler);
        ContextEnd.of(context, handler, () -> context.setSessionHandler(own), handler.listeners());
        return true;
    }

    @Override
    public String toString() {
        return String.valueOf(obstacle);
    }
}
