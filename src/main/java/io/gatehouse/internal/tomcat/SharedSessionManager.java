package io.gatehouse.internal.tomcat;

import io.gatehouse.internal.web.ContainerRequests;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.Principal;
import org.apache.catalina.Session;
import org.apache.catalina.connector.Request;
import org.apache.catalina.session.StandardManager;
import org.jspecify.annotations.Nullable;

/**
 * The session manager of a context whose sessions are those of Gatehouse. Without a request that Gatehouse guards, it is the manager of
 * Tomcat. Thread-safe.
 */
final class SharedSessionManager extends StandardManager {

    /** Returns what guards the requests, or null while Gatehouse does not run. */
    @Nullable
    ContainerRequests requests() {
        return getContext().getServletContext().getAttribute(ContainerRequests.ATTRIBUTE)
                        instanceof ContainerRequests requests
                ? requests
                : null;
    }

    /** Returns the session of the request that the thread serves, whatever the id. */
    @Override
    public @Nullable Session findSession(String id) throws IOException {
        ContainerRequests requests = requests();
        if (requests == null) {
            return super.findSession(id);
        }
        Request request = CurrentRequest.of(getContext());
        return request == null ? null : view(requests, request, false);
    }

    @Override
    public @Nullable Session createSession(@Nullable String id) {
        ContainerRequests requests = requests();
        Request request = requests == null ? null : CurrentRequest.of(getContext());
        if (requests == null || request == null) {
            return super.createSession(null);
        }
        SharedSession session = view(requests, request, true);
        Principal user = request.getPrincipal();
        if (session != null && user != null) { // authenticated before there was a session
            session.setAuthType(request.getAuthType());
            session.setPrincipal(user);
        }
        return session;
    }

    private @Nullable SharedSession view(ContainerRequests requests, Request request, boolean create) {
        try {
            HttpSession session =
                    requests.session(request.getRequest(), request.getResponse().getResponse(), create);
            return session == null ? null : new SharedSession(this, requests, request, session);
        } catch (UncheckedIOException e) { // of the client; the valve meets it as well
            return null;
        }
    }

    @Override
    public String rotateSessionId(Session session) {
        return session instanceof SharedSession shared ? shared.changeId() : super.rotateSessionId(session);
    }

    @Override
    public void changeSessionId(Session session, String id) {
        if (session instanceof SharedSession shared) {
            String unused = shared.changeId();
        } else {
            super.changeSessionId(session, id);
        }
    }
}
