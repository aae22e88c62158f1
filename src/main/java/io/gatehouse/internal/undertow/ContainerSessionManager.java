package io.gatehouse.internal.undertow;

import io.gatehouse.internal.web.ContainerRequests;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.session.Session;
import io.undertow.server.session.SessionConfig;
import io.undertow.server.session.SessionListener;
import io.undertow.server.session.SessionManager;
import io.undertow.server.session.SessionManagerStatistics;
import io.undertow.servlet.handlers.ServletRequestContext;
import io.undertow.util.AttachmentKey;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The session manager of an application on Undertow, whose sessions are views of the session of the request. It stores nothing itself.
 * While the application has no {@link ContainerRequests}, the server's own session manager is used. Thread-safe.
 */
final class ContainerSessionManager implements SessionManager {
    private final AttachmentKey<UndertowSession> view = AttachmentKey.create(UndertowSession.class);
    private final SessionManager own;
    private final ServletContext context;
    private final SessionEvents events;
    private final WebSocketSessions webSockets;
    private final AttributeForms forms;

    /** @param own the server's own session manager */
    ContainerSessionManager(
            SessionManager own,
            ServletContext context,
            SessionEvents events,
            WebSocketSessions webSockets,
            AttributeForms forms) {
        this.own = own;
        this.context = context;
        this.events = events;
        this.webSockets = webSockets;
        this.forms = forms;
        events.managedBy(this);
    }

    @Override
    public @Nullable Session getSession(HttpServerExchange exchange, SessionConfig config) {
        ContainerRequests requests = UndertowExtension.requests(context);
        return requests == null ? own.getSession(exchange, config) : find(requests, exchange, false);
    }

    /** Creates the session of a request. Gatehouse notifies the listeners, and writes the cookie when the response is committed. */
    @Override
    public Session createSession(HttpServerExchange exchange, SessionConfig config) {
        ContainerRequests requests = UndertowExtension.requests(context);
        if (requests == null) {
            return own.createSession(exchange, config);
        }
        Session created = find(requests, exchange, true);
        if (created == null) {
            throw new IllegalStateException("no session can be created, because the request was refused");
        }
        return created;
    }

    private @Nullable UndertowSession find(ContainerRequests requests, HttpServerExchange exchange, boolean create) {
        ServletRequestContext request = exchange.getAttachment(ServletRequestContext.ATTACHMENT_KEY);
        if (request == null) {
            return null;
        }
        HttpSession session = requests.session(request.getOriginalRequest(), request.getOriginalResponse(), create);
        UndertowSession known = exchange.getAttachment(view);
        if (session == null) {
            return null;
        }
        if (known == null || !known.isViewOf(session)) {
            known = new UndertowSession(session, exchange, request, requests, this);
            exchange.putAttachment(view, known);
        }
        return known;
    }

    /** Returns a view of a session outside of its requests. */
    UndertowSession detached(HttpSession session) {
        return new UndertowSession(session, null, null, null, this);
    }

    /** Returns the session with this id if it belongs to the request that the thread serves. */
    @Override
    public @Nullable Session getSession(@Nullable String id) {
        ContainerRequests requests = UndertowExtension.requests(context);
        if (requests == null) {
            return own.getSession(id);
        }
        ServletRequestContext request = ServletRequestContext.current();
        UndertowSession current = request == null ? null : find(requests, request.getExchange(), false);
        return current != null && current.getId().equals(id) ? current : null;
    }

    AttributeForms forms() {
        return forms;
    }

    WebSocketSessions webSockets() {
        return webSockets;
    }

    SessionEvents events() {
        return events;
    }

    @Override
    public void registerSessionListener(SessionListener listener) {
        own.registerSessionListener(listener);
        events.register(listener);
    }

    @Override
    public void removeSessionListener(SessionListener listener) {
        own.removeSessionListener(listener);
        events.remove(listener);
    }

    @Override
    public String getDeploymentName() {
        return own.getDeploymentName();
    }

    @Override
    public void start() {
        own.start();
    }

    @Override
    public void stop() {
        own.stop();
    }

    @Override
    public void setDefaultSessionTimeout(int seconds) {
        own.setDefaultSessionTimeout(seconds);
    }

    /** Returns no session of Gatehouse: none of them ends with this node. */
    @Override
    public Set<String> getTransientSessions() {
        return own.getTransientSessions();
    }

    @Override
    public Set<String> getActiveSessions() {
        return own.getActiveSessions();
    }

    @Override
    public Set<String> getAllSessions() {
        return own.getAllSessions();
    }

    @Override
    public @Nullable SessionManagerStatistics getStatistics() {
        return own.getStatistics();
    }
}
