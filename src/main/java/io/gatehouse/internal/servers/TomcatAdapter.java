package io.gatehouse.internal.servers;

import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.EventListener;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The adapter for Tomcat, standalone or embedded in another server. */
public final class TomcatAdapter implements ServerAdapter {

    @Override
    public boolean runs(ServletContext context) {
        return isCatalina(context) && contextHas(context, "getApplicationLifecycleListeners");
    }

    @Override
    public List<EventListener> listeners(ServletContext context) throws ReflectiveOperationException {
        ReflectiveAccess standard = standardContext(context);
        List<EventListener> listeners = new ArrayList<>(
                standard.call("getApplicationLifecycleListeners").listeners());
        listeners.addAll(standard.call("getApplicationEventListeners").listeners());
        return listeners;
    }

    /** Returns the context object of Tomcat behind the one that applications get, or null on another server. */
    public static @Nullable Object contextOf(ServletContext application) {
        try {
            return new TomcatAdapter().runs(application)
                    ? standardContext(application).object()
                    : null;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }

    static boolean isCatalina(ServletContext context) {
        return context.getClass().getName().equals("org.apache.catalina.core.ApplicationContextFacade");
    }

    static boolean contextHas(ServletContext context, String method) {
        try {
            return standardContext(context).has(method);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return false;
        }
    }

    /** Returns the {@code StandardContext} behind the facade that applications get. */
    static ReflectiveAccess standardContext(ServletContext context) throws ReflectiveOperationException {
        return new ReflectiveAccess(context).field("context").field("context");
    }
}
