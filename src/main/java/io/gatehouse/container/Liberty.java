package io.gatehouse.container;

import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.EventListener;
import java.util.List;

/** Open Liberty, which keeps the listeners with its own sessions, and its classes from the application. */
final class Liberty implements Server {
    private static final List<String> LISTS =
            List.of("mHttpSessionListeners", "mHttpSessionAttributeListeners", "mHttpSessionIdListeners");

    @Override
    public boolean runs(ServletContext context) {
        for (Class<?> type = context.getClass(); type != null; type = type.getSuperclass()) {
            if (type.getName().equals("com.ibm.wsspi.webcontainer.facade.ServletContextFacade")) {
                return true;
            }
        }
        return false;
    }

    @Override
    public List<EventListener> listeners(ServletContext context) throws ReflectiveOperationException {
        Inside sessions = new Inside(context).field("context").field("sessionCtx");
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
}
