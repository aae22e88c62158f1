package io.gatehouse.internal.servers;

import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.EventListener;
import java.util.List;

/** WildFlyAdapter and whatever else runs Undertow. */
final class WildFlyAdapter implements ServerAdapter {

    /** Undertow's own listeners, such as the one that ends web sockets, want sessions of Undertow's own. */
    private static final String ITS_OWN = "io.undertow.";

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
                    && !listener.getClass().getName().startsWith(ITS_OWN)) {
                listeners.add(listener);
            }
        }
        return listeners;
    }
}
