package io.gatehouse.internal.jetty;

import jakarta.servlet.ServletContext;
import java.util.EventListener;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.ee11.servlet.SessionHandler;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.session.ManagedSession;
import org.eclipse.jetty.session.SessionInactivityTimer;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The session handler of an application with Jakarta EE 11. Without a request that Gatehouse guards, it is the session handler of Jetty.
 * Thread-safe.
 */
final class Ee11SessionHandler extends SessionHandler {
    private final SharedSessions shared;

    Ee11SessionHandler(ServletContext context) {
        this.shared = new SharedSessions(this, context, this::served);
    }

    /** Returns the listeners that the context needs. */
    List<EventListener> listeners() {
        return shared.listeners();
    }

    private @Nullable ServedRequest served(Request request) {
        ServletContextRequest served = Request.as(request, ServletContextRequest.class);
        return served == null ? null : new Ee11Request(served);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        ServedRequest served = shared.isActive() ? served(request) : null;
        Handler next = getHandler();
        return (served == null || next == null)
                ? super.handle(request, response, callback)
                : shared.handle(served, request, response, callback, next);
    }

    @Override
    public void newSession(Request request, @Nullable String requestedId, Consumer<ManagedSession> consumer) {
        ServedRequest served = shared.isActive() ? served(request) : null;
        if (served == null) {
            super.newSession(request, requestedId, consumer);
        } else {
            consumer.accept(shared.create(served));
        }
    }

    @Override
    public @Nullable SessionInactivityTimer newSessionInactivityTimer(ManagedSession session) {
        return session instanceof SharedSession ? null : super.newSessionInactivityTimer(session);
    }

    /** Gatehouse writes the cookie of its sessions. */
    @Override
    public @Nullable HttpCookie getSessionCookie(ManagedSession session, boolean secure) {
        return session instanceof SharedSession ? null : super.getSessionCookie(session, secure);
    }

    @Override
    public void commit(@Nullable ManagedSession session) {
        if (!(session instanceof SharedSession)) {
            super.commit(session);
        }
    }

    @Override
    public void complete(@Nullable ManagedSession session) {
        if (!(session instanceof SharedSession)) {
            super.complete(session);
        }
    }
}
