package io.gatehouse.internal.servers;

import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.EventListener;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The adapter for Jetty 12, whose classes are in one package for each version of Jakarta EE. */
public final class JettyAdapter implements ServerAdapter {
    private static final Pattern CONTEXT =
            Pattern.compile("org\\.eclipse\\.jetty\\.ee\\d+\\.servlet\\.ServletContextHandler\\$ServletContextApi");

    private static final List<String> LISTS =
            List.of("_sessionListeners", "_sessionAttributeListeners", "_sessionIdListeners");

    @Override
    public boolean runs(ServletContext context) {
        return contextType(context) != null;
    }

    /** Returns the class of Jetty that implements the context, or null on another server. */
    public static @Nullable Class<?> contextType(ServletContext context) {
        for (Class<?> type = context.getClass(); type != null; type = type.getSuperclass()) {
            if (CONTEXT.matcher(type.getName()).matches()) {
                return type;
            }
        }
        return null;
    }

    @Override
    public List<EventListener> listeners(ServletContext context) throws ReflectiveOperationException {
        ReflectiveAccess sessions = new ReflectiveAccess(context)
                .call("getContext")
                .call("getServletContextHandler")
                .call("getSessionHandler");
        List<EventListener> listeners = new ArrayList<>();
        for (String list : LISTS) {
            listeners.addAll(sessions.field(list).listeners());
        }
        return listeners;
    }
}
