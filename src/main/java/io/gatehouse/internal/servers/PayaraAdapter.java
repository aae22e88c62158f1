package io.gatehouse.internal.servers;

import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.EventListener;
import java.util.List;

/** Payara, whose web module is a context of an older Tomcat with methods of its own. */
final class PayaraAdapter implements ServerAdapter {

    @Override
    public boolean runs(ServletContext context) {
        return TomcatAdapter.isCatalina(context) && TomcatAdapter.hasInside(context, "getSessionListeners");
    }

    @Override
    public List<EventListener> listeners(ServletContext context) throws ReflectiveOperationException {
        ReflectiveAccess module = TomcatAdapter.inside(context);
        List<EventListener> listeners =
                new ArrayList<>(module.call("getSessionListeners").listeners());
        listeners.addAll(module.call("getApplicationEventListeners").listeners());
        return listeners;
    }
}
