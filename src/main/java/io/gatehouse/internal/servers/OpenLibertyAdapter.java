package io.gatehouse.internal.servers;

import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.EventListener;
import java.util.List;

/** The adapter for Open Liberty, which stores listeners with its own sessions and hides its classes from applications. */
final class OpenLibertyAdapter implements ServerAdapter {
    private static final List<String> LISTS =
            List.of("mHttpSessionListeners", "mHttpSessionAttributeListeners", "mHttpSessionIdListeners");

    /** The context that applications get, and the one it wraps. Container initializers may get either. */
    private static final String FACADE = "com.ibm.wsspi.webcontainer.facade.ServletContextFacade";

    private static final String APPLICATION = "com.ibm.ws.webcontainer.webapp.WebApp";

    /** Returns whether a class was loaded by this server. */
    static boolean hasLoaded(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader != null && loader.getClass().getName().startsWith("com.ibm.ws.classloading.");
    }

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
