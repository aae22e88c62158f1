package io.gatehouse.internal.undertow;

import io.gatehouse.internal.web.ContainerRequests;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.session.Session;
import io.undertow.server.session.SessionConfig;
import io.undertow.server.session.SessionManager;
import io.undertow.servlet.handlers.ServletRequestContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A session of Gatehouse as Undertow sees it in one request. Gatehouse notifies the listeners of the application, so this class does not.
 * Objects of Undertow that only this node can use, such as open WebSockets, are attributes of this view and are never stored.
 * Thread-safe.
 */
final class UndertowSession implements Session {
    /** The attribute with the user whom the container has authenticated. */
    private static final String PRINCIPAL = "io.gatehouse.principal";

    private static final System.Logger LOG = System.getLogger(UndertowSession.class.getName());

    private final @Nullable HttpServerExchange exchange;
    private final @Nullable ServletRequestContext request;
    private final @Nullable ContainerRequests requests;
    private final ContainerSessionManager manager;
    private final Map<String, Object> local = new ConcurrentHashMap<>();
    private volatile HttpSession session;
    /** Whether the server has logged in a user in this request, whom Gatehouse records when the request ends. */
    private volatile boolean loginHere;

    /** @param exchange the exchange of the request, or null with its request for a view outside of requests */
    UndertowSession(
            HttpSession session,
            @Nullable HttpServerExchange exchange,
            @Nullable ServletRequestContext request,
            @Nullable ContainerRequests requests,
            ContainerSessionManager manager) {
        this.session = session;
        this.exchange = exchange;
        this.request = request;
        this.requests = requests;
        this.manager = manager;
    }

    boolean isViewOf(HttpSession other) {
        return session == other;
    }

    @Override
    public String getId() {
        return session.getId();
    }

    /** Does nothing: Gatehouse notes the use of the session and releases it. */
    @Override
    public void requestDone(HttpServerExchange done) {}

    @Override
    public long getCreationTime() {
        return session.getCreationTime();
    }

    @Override
    public long getLastAccessedTime() {
        return session.getLastAccessedTime();
    }

    @Override
    public void setMaxInactiveInterval(int seconds) {
        session.setMaxInactiveInterval(seconds);
    }

    /** @throws IllegalStateException if the session has ended, by which Undertow recognizes such a session */
    @Override
    public int getMaxInactiveInterval() {
        if (requests != null && request != null) {
            HttpServletRequest raw = request.getOriginalRequest();
            if (session == requests.session(raw, request.getOriginalResponse(), false)) {
                return requests.maxInactiveInterval(
                        raw); // Undertow asks after each response, which is no use of the session
            }
        }
        long unused = session.getCreationTime(); // throws the exception
        return session.getMaxInactiveInterval();
    }

    @Override
    public @Nullable Object getAttribute(String name) {
        if (WebSocketSessions.isConnections(name)) {
            return local.get(name);
        }
        String stored = remembered(name);
        return stored == null
                ? session.getAttribute(name)
                : manager.forms().restored(stored, session.getId(), this::isLoggedIn, exchange);
    }

    private boolean isLoggedIn(String user) {
        return loginHere || user.equals(session.getAttribute(PRINCIPAL));
    }

    private @Nullable String remembered(String name) {
        return requests == null || request == null ? null : requests.remembered(request.getOriginalRequest(), name);
    }

    @Override
    public Set<String> getAttributeNames() {
        Set<String> names = new HashSet<>(Collections.list(session.getAttributeNames()));
        names.addAll(local.keySet());
        return names;
    }

    @Override
    public @Nullable Object setAttribute(String name, @Nullable Object value) {
        if (value == null) {
            return removeAttribute(name);
        }
        if (WebSocketSessions.isConnections(name)) {
            manager.webSockets().opened(this);
            return local.put(name, value);
        }
        if (requests != null && request != null && manager.forms().covers(name, value)) {
            remember(requests, request.getOriginalRequest(), name, value);
            return null;
        }
        Object before = session.getAttribute(name);
        session.setAttribute(name, value);
        return before;
    }

    private void remember(ContainerRequests by, HttpServletRequest raw, String name, Object value) {
        loginHere |= manager.forms().isUser(value);
        String text = manager.forms().stored(value, session.getId());
        if (text != null && !text.equals(by.remembered(raw, name))) {
            try {
                by.remember(raw, name, text);
            } catch (IllegalArgumentException e) { // the login works without it
                LOG.log(System.Logger.Level.WARNING, "{0} of the server is not stored: {1}", name, e.getMessage());
            }
        }
    }

    @Override
    public @Nullable Object removeAttribute(String name) {
        if (WebSocketSessions.isConnections(name)) {
            return local.remove(name);
        }
        if (requests != null && request != null && remembered(name) != null) {
            manager.forms().removed(session.getId());
            requests.remember(request.getOriginalRequest(), name, null);
            return null;
        }
        Object before = session.getAttribute(name);
        session.removeAttribute(name);
        return before;
    }

    @Override
    public void invalidate(@Nullable HttpServerExchange by) {
        session.invalidate();
    }

    @Override
    public SessionManager getSessionManager() {
        return manager;
    }

    @Override
    public String changeSessionId(HttpServerExchange by, SessionConfig config) {
        if (requests == null || request == null) {
            throw new IllegalStateException("the id of a session can only be changed in a request");
        }
        String id = requests.changeId(request.getOriginalRequest());
        HttpSession changed = requests.session(request.getOriginalRequest(), request.getOriginalResponse(), false);
        if (changed != null) {
            session = changed;
        }
        return id;
    }
}
