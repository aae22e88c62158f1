package io.gatehouse.container;

import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.EventListener;
import java.util.List;

/** Payara, whose web module is a context of an older Tomcat with methods of its own. */
final class Payara implements Server {

    @Override
    public boolean runs(ServletContext context) {
        return Tomcat.isCatalina(context) && Tomcat.hasInside(context, "getSessionListeners");
    }

    @Override
    public List<EventListener> listeners(ServletContext context) throws ReflectiveOperationException {
        Inside module = Tomcat.inside(context);
        List<EventListener> listeners =
                new ArrayList<>(module.call("getSessionListeners").listeners());
        listeners.addAll(module.call("getApplicationEventListeners").listeners());
        return listeners;
    }
}
