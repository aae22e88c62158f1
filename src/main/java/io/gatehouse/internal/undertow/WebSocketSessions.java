package io.gatehouse.internal.undertow;

import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.ListenerInfo;
import io.undertow.servlet.handlers.ServletRequestContext;
import io.undertow.servlet.spec.HttpSessionImpl;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The open WebSockets of this node by the session of their handshake. When a session ends on this node, Undertow's own listener closes them.
 * A closed WebSocket is forgotten when its view of the session is garbage. Thread-safe.
 */
final class WebSocketSessions {
    private static final System.Logger LOG = System.getLogger(WebSocketSessions.class.getName());
    private static final String CONNECTIONS = "io.undertow.websocket.";
    private static final String UNDERTOW = "io.undertow.";
    private static final int SMALLEST_SWEEP = 64;

    private final DeploymentInfo deployment;
    private final ServletContext context;
    private final Map<String, Set<UndertowSession>> views = new HashMap<>();
    private int sweepAt = SMALLEST_SWEEP;

    WebSocketSessions(DeploymentInfo deployment, ServletContext context) {
        this.deployment = deployment;
        this.context = context;
    }

    /** Returns whether an attribute holds the open WebSockets of a session. */
    static boolean isConnections(String attribute) {
        return attribute.startsWith(CONNECTIONS);
    }

    /** Called when the first WebSocket is opened with a view of a session. */
    synchronized void opened(UndertowSession view) {
        if (views.size() >= sweepAt) {
            views.values().removeIf(Set::isEmpty);
            sweepAt = Math.max(SMALLEST_SWEEP, 2 * views.size());
        }
        viewsOf(view.getId()).add(view);
    }

    private Set<UndertowSession> viewsOf(String id) {
        return views.computeIfAbsent(id, unknown -> Collections.newSetFromMap(new WeakHashMap<>()));
    }

    synchronized void idChanged(String before, String after) {
        Set<UndertowSession> moved = views.remove(before);
        if (moved != null) {
            viewsOf(after).addAll(moved);
        }
    }

    /** Closes the WebSockets of a session that ends. */
    void close(String id) {
        List<UndertowSession> open = taken(id);
        if (!open.isEmpty()) {
            List<HttpSessionListener> closing = listeners();
            for (UndertowSession view : open) {
                notify(closing, view);
            }
        }
    }

    private synchronized List<UndertowSession> taken(String id) {
        Set<UndertowSession> found = views.remove(id);
        return found == null ? List.of() : new ArrayList<>(found);
    }

    /** Returns Undertow's own listeners. Each is created for this call only, because they have no state. */
    private List<HttpSessionListener> listeners() {
        List<HttpSessionListener> listeners = new ArrayList<>();
        for (ListenerInfo info : deployment.getListeners()) {
            Class<?> type = info.getListenerClass();
            if (type.getName().startsWith(UNDERTOW) && HttpSessionListener.class.isAssignableFrom(type)) {
                try {
                    listeners.add(
                            (HttpSessionListener) type.getDeclaredConstructor().newInstance());
                } catch (ReflectiveOperationException | RuntimeException e) {
                    LOG.log(System.Logger.Level.DEBUG, "{0} could not be created: {1}", type.getName(), e.toString());
                }
            }
        }
        return listeners;
    }

    private void notify(List<HttpSessionListener> listeners, UndertowSession view) {
        ServletRequestContext current = ServletRequestContext.current();
        @Nullable HttpSessionImpl own = current == null ? null : current.getSession();
        try {
            HttpSessionEvent event = new HttpSessionEvent(HttpSessionImpl.forSession(view, context, false));
            listeners.forEach(listener -> listener.sessionDestroyed(event));
        } catch (RuntimeException e) { // the session must end nevertheless
            LOG.log(System.Logger.Level.DEBUG, "a WebSocket could not be closed: {0}", e.toString());
        } finally {
            if (current != null) {
                current.setSession(own); // otherwise it would be the session of this view
            }
        }
    }
}
