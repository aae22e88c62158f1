package io.gatehouse.internal.servers;

import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.EventListener;
import java.util.List;

/** Tomcat, by itself or inside of another server. */
final class TomcatAdapter implements ServerAdapter {

    @Override
    public boolean runs(ServletContext context) {
        return isCatalina(context) && hasInside(context, "getApplicationLifecycleListeners");
    }

    @Override
    public List<EventListener> listeners(ServletContext context) throws ReflectiveOperationException {
        ReflectiveAccess standard = inside(context);
        List<EventListener> listeners = new ArrayList<>(
                standard.call("getApplicationLifecycleListeners").listeners());
        listeners.addAll(standard.call("getApplicationEventListeners").listeners());
        return listeners;
    }

    static boolean isCatalina(ServletContext context) {
        return context.getClass().getName().equals("org.apache.catalina.core.ApplicationContextFacade");
    }

    static boolean hasInside(ServletContext context, String method) {
        try {
            return inside(context).has(method);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return false;
        }
    }

    /** The standard context behind the facade that applications see. */
    static ReflectiveAccess inside(ServletContext context) throws ReflectiveOperationException {
        return new ReflectiveAccess(context).field("context").field("context");
    }
}
