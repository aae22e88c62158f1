package io.gatehouse.internal.servers;

import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.EventListener;
import java.util.List;

/** Open Liberty, which keeps the listeners with its own sessions, and its classes from the application. */
final class OpenLibertyAdapter implements ServerAdapter {
    private static final List<String> LISTS =
            List.of("mHttpSessionListeners", "mHttpSessionAttributeListeners", "mHttpSessionIdListeners");

    /** What applications see, and what is behind it; initializers are given either. */
    private static final String FACADE = "com.ibm.wsspi.webcontainer.facade.ServletContextFacade";

    private static final String APPLICATION = "com.ibm.ws.webcontainer.webapp.WebApp";

    @Override
    public boolean runs(ServletContext context) {
        return ReflectiveAccess.is(FACADE, context) || ReflectiveAccess.is(APPLICATION, context);
    }

    @Override
    public List<EventListener> listeners(ServletContext context) throws ReflectiveOperationException {
        ReflectiveAccess given = new ReflectiveAccess(context);
        ReflectiveAccess application = ReflectiveAccess.is(FACADE, context) ? given.field("context") : given;
        ReflectiveAccess sessions = application.field("sessionCtx");
        List<EventListener> listeners = new ArrayList<>();
        for (String list : LISTS) {
            listeners.addAll(sessions.field(list).listeners());
        }
        return listeners;
    }

    @Override
    public boolean hidesItsClasses() {
        return true;
    }

    @Override
    public String defaultCookiePath() {
        return "/";
    }
}
