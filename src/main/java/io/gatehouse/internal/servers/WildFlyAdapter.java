package io.gatehouse.internal.servers;

import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.EventListener;
import java.util.List;

/** The adapter for WildFly and other servers that use Undertow. */
final class WildFlyAdapter implements ServerAdapter {

    /** The package of Undertow's own listeners, such as the one that closes WebSockets, which work only with Undertow's own sessions. */
    private static final String UNDERTOW_PACKAGE = "io.undertow.";

    @Override
    public boolean runs(ServletContext context) {
        return context.getClass().getName().equals("io.undertow.servlet.spec.ServletContextImpl");
    }

    @Override
    public List<EventListener> listeners(ServletContext context) throws ReflectiveOperationException {
        ReflectiveAccess managed = new ReflectiveAccess(context)
                .call("getDeployment")
                .call("getApplicationListeners")
                .field("allListeners");
        List<EventListener> listeners = new ArrayList<>();
        for (Object one : managed.elements()) {
            if (new ReflectiveAccess(one).call("instance").object() instanceof EventListener listener
                    && !listener.getClass().getName().startsWith(UNDERTOW_PACKAGE)) {
                listeners.add(listener);
            }
        }
        return listeners;
    }
}
