package io.gatehouse.internal.servers;

import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.EventListener;
import java.util.List;

/** The adapter for Payara, whose web module extends the context of an older Tomcat. */
final class PayaraAdapter implements ServerAdapter {

    @Override
    public boolean runs(ServletContext context) {
        return TomcatAdapter.isCatalina(context) && TomcatAdapter.contextHas(context, "getSessionListeners");
    }

    @Override
    public List<EventListener> listeners(ServletContext context) throws ReflectiveOperationException {
        ReflectiveAccess module = TomcatAdapter.standardContext(context);
        List<EventListener> listeners =
                new ArrayList<>(module.call("getSessionListeners").listeners());
        listeners.addAll(module.call("getApplicationEventListeners").listeners());
        return listeners;
    }
}
