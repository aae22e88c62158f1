package io.gatehouse.internal.web;

import io.gatehouse.internal.servers.Container;
import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.session.SessionObserver;
import io.gatehouse.internal.session.SessionRepository;
import io.gatehouse.session.EndReason;
import io.gatehouse.session.SessionEndedEvent;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.util.List;
import java.util.function.Consumer;

/**
 * Notifies the session listeners of an application, and attribute values that are listeners themselves. Listeners are called in
 * the order of their registration, and in reverse order when a session ends (Servlet 6.0, section 7.4).
 *
 * <p>When an attribute changes or a session ends, every listener is called even if an earlier one throws. The first exception is
 * then thrown to the call of the application that caused the event; the session repository logs it if a session has ended without
 * such a call. Thread-safe.
 */
public final class ListenerNotifier implements SessionObserver {
    private final Container container;
    private final ServletContext context;

    public ListenerNotifier(Container container, ServletContext context) {
        this.container = container;
        this.context = context;
    }

    Container container() {
        return container;
    }

    ServletContext context() {
        return context;
    }

    void sessionCreated(HttpSession session) {
        HttpSessionEvent event = new HttpSessionEvent(session);
        container.listeners().sessions().forEach(listener -> listener.sessionCreated(event));
    }

    void sessionIdChanged(HttpSession session, String before) {
        HttpSessionEvent event = new HttpSessionEvent(session);
        container.listeners().ids().forEach(listener -> listener.sessionIdChanged(event, before));
    }

    /** Notifies a value that becomes an attribute, before it can be read. */
    void valueBound(HttpSession session, String name, Object value) {
        if (value instanceof HttpSessionBindingListener listener) {
            listener.valueBound(new HttpSessionBindingEvent(session, name, value));
        }
    }

    /** Notifies of a new attribute. */
    void attributeAdded(HttpSession session, String name, Object value) {
        HttpSessionBindingEvent event = new HttpSessionBindingEvent(session, name, value);
        DeferredExceptions exceptions = new DeferredExceptions();
        eachAttributeListener(exceptions, listener -> listener.attributeAdded(event));
        exceptions.rethrow();
    }

    /**
     * Notifies of an attribute with a new value.
     *
     * @param unbound whether the replaced value is no longer an attribute, because the new one is another object
     */
    void attributeReplaced(HttpSession session, String name, Object replaced, boolean unbound) {
        HttpSessionBindingEvent event = new HttpSessionBindingEvent(session, name, replaced);
        DeferredExceptions exceptions = new DeferredExceptions();
        if (unbound) {
            valueUnbound(exceptions, event);
        }
        eachAttributeListener(exceptions, listener -> listener.attributeReplaced(event));
        exceptions.rethrow();
    }

    /** Notifies of an attribute that was removed. */
    void attributeRemoved(HttpSession session, String name, Object value) {
        HttpSessionBindingEvent event = new HttpSessionBindingEvent(session, name, value);
        DeferredExceptions exceptions = new DeferredExceptions();
        valueUnbound(exceptions, event);
        eachAttributeListener(exceptions, listener -> listener.attributeRemoved(event));
        exceptions.rethrow();
    }

    private static void valueUnbound(DeferredExceptions exceptions, HttpSessionBindingEvent event) {
        if (event.getValue() instanceof HttpSessionBindingListener listener) {
            exceptions.run(() -> listener.valueUnbound(event));
        }
    }

    private void eachAttributeListener(DeferredExceptions exceptions, Consumer<HttpSessionAttributeListener> call) {
        container.listeners().attributes().forEach(listener -> exceptions.run(() -> call.accept(listener)));
    }

    @Override
    public void activated(SessionRepository sessionRepository, Session session, Object value) {
        if (value instanceof HttpSessionActivationListener listener) {
            listener.sessionDidActivate(
                    new HttpSessionEvent(facade(sessionRepository, session).exposed()));
        }
    }

    @Override
    public void passivating(SessionRepository sessionRepository, Session session, Object value) {
        if (value instanceof HttpSessionActivationListener listener) {
            listener.sessionWillPassivate(
                    new HttpSessionEvent(facade(sessionRepository, session).exposed()));
        }
    }

    /** Notifies of the end while all attributes can be read, and then removes each attribute. */
    @Override
    public void ended(SessionRepository sessionRepository, Session session, EndReason reason) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(container.applicationLoader());
        try {
            notifyEnded(
                    facade(sessionRepository, session),
                    new SessionEndedEvent(session.handle(), session.user(), reason));
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private void notifyEnded(GatehouseSession session, SessionEndedEvent ended) {
        session.markEnding(ended.reason());
        DeferredExceptions exceptions = new DeferredExceptions();
        HttpSessionEvent event = new HttpSessionEvent(session.exposed());
        List<HttpSessionListener> listeners = container.listeners().sessions();
        for (int i = listeners.size() - 1; i >= 0; i--) {
            HttpSessionListener listener = listeners.get(i);
            exceptions.run(() -> listener.sessionDestroyed(event));
        }
        for (String name : session.names()) {
            exceptions.run(() -> session.removeAttribute(name));
        }
        exceptions.run(() -> container.fire(ended));
        exceptions.rethrow();
    }

    private GatehouseSession facade(SessionRepository sessionRepository, Session session) {
        return new HttpSessionAdapter(sessionRepository, this).facade(session);
    }
}
