package io.gatehouse.internal.undertow;

import io.undertow.server.session.SessionListener;
import io.undertow.server.session.SessionListener.SessionDestroyedReason;
import io.undertow.servlet.core.SessionListenerBridge;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Notifies the listeners of the server itself, such as those of single sign-on and WebSockets, of the sessions of Gatehouse. The listeners
 * of the application are left out, because Gatehouse notifies them, as it does this one. Thread-safe.
 */
final class SessionEvents implements HttpSessionListener, HttpSessionIdListener {
    private static final String REASON = "io.gatehouse.end";
    private static final String EXPIRED = "expired";

    private final ServletContext context;
    private final WebSocketSessions webSockets;
    private final List<SessionListener> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable ContainerSessionManager manager;

    SessionEvents(ServletContext context, WebSocketSessions webSockets) {
        this.context = context;
        this.webSockets = webSockets;
    }

    void managedBy(ContainerSessionManager creator) {
        manager = creator;
    }

    void register(SessionListener listener) {
        if (!(listener instanceof SessionListenerBridge)) { // it notifies the listeners of the application
            listeners.add(listener);
        }
    }

    void remove(SessionListener listener) {
        listeners.remove(listener);
    }

    @Override
    public void sessionCreated(HttpSessionEvent event) {
        ContainerSessionManager current = active();
        if (current != null && !listeners.isEmpty()) {
            UndertowSession session = current.detached(event.getSession());
            listeners.forEach(listener -> listener.sessionCreated(session, null));
        }
    }

    @Override
    public void sessionIdChanged(HttpSessionEvent event, String before) {
        ContainerSessionManager current = active();
        if (current != null) {
            webSockets.idChanged(before, event.getSession().getId());
            UndertowSession session = current.detached(event.getSession());
            listeners.forEach(listener -> listener.sessionIdChanged(session, before));
        }
    }

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
        ContainerSessionManager current = active();
        if (current != null) {
            webSockets.close(event.getSession().getId());
            UndertowSession session = current.detached(event.getSession());
            SessionDestroyedReason reason = EXPIRED.equals(event.getSession().getAttribute(REASON))
                    ? SessionDestroyedReason.TIMEOUT
                    : SessionDestroyedReason.INVALIDATED;
            listeners.forEach(listener -> listener.sessionDestroyed(session, null, reason));
        }
    }

    /** Returns the session manager, or null while the server uses its own sessions, of which it notifies by itself. */
    private @Nullable ContainerSessionManager active() {
        return UndertowExtension.requests(context) == null ? null : manager;
    }
}
