package io.gatehouse.internal.payara;

import io.gatehouse.internal.web.ContainerRequests;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;

/**
 * The first listener of the application. Payara notifies it of each request before any valve and before CDI, and of its end when CDI has
 * put the beans into the session. It also receives new sessions, so that Payara uses those which the application creates.
 */
final class RequestBridge implements ServletRequestListener, HttpSessionListener {
    private final Catalina catalina;
    private final Object context;
    private final SharedManager manager;

    RequestBridge(Catalina catalina, Object context, SharedManager manager) {
        this.catalina = catalina;
        this.context = context;
        this.manager = manager;
    }

    @Override
    public void requestInitialized(ServletRequestEvent event) {
        ContainerRequests requests = manager.requests();
        Object request = requests == null ? null : catalina.behind(event.getServletRequest());
        if (requests != null && request != null && catalina.context.call(request) == context) {
            ServedRequest served = new ServedRequest(catalina, requests, request);
            served.bind();
            served.identify();
        }
    }

    @Override
    public void requestDestroyed(ServletRequestEvent event) {
        ServedRequest served = ServedRequest.current(context);
        if (served != null) {
            served.end();
        }
    }

    @Override
    public void sessionCreated(HttpSessionEvent event) {
        ServedRequest served = ServedRequest.current(context);
        if (served != null) {
            served.adopt(manager);
        }
    }
}
