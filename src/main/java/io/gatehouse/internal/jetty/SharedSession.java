package io.gatehouse.internal.jetty;

import io.gatehouse.internal.web.ContainerRequests;
import jakarta.servlet.http.HttpSession;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jetty.security.authentication.FormAuthenticator;
import org.eclipse.jetty.security.authentication.SessionAuthentication;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.session.ManagedSession;
import org.eclipse.jetty.session.SessionData;
import org.eclipse.jetty.session.SessionManager;
import org.jspecify.annotations.Nullable;

/**
 * The session of one request as Jetty sees it, which may not exist. The user and the request that waits for a login are stored as text.
 * Used by the threads of its request only.
 */
final class SharedSession extends ManagedSession {
    private static final String NOT_YET = "";

    private final ServedRequest served;
    private final ContainerRequests requests;
    private final StoredLogin login;
    private @Nullable HttpSession known;

    SharedSession(SessionManager manager, ServedRequest served, ContainerRequests requests) {
        super(manager, new SessionData(NOT_YET, NOT_YET, NOT_YET, 0, 0, 0, 0));
        this.served = served;
        this.requests = requests;
        this.login = new StoredLogin(served, requests);
    }

    private static String handle(HttpSession session) {
        String id = session.getId();
        return id.substring(0, id.lastIndexOf('.'));
    }

    /** Returns the session if it has not ended, and the request has made no other one. */
    private @Nullable HttpSession alive() {
        HttpSession before = known;
        HttpSession now = requests.session(served.request(), served.response(), false);
        if (now == null || (before != null && !handle(now).equals(handle(before)))) {
            return null;
        }
        known = now;
        return now;
    }

    /** Returns the session, even if it has ended: it then throws the exceptions that the application expects. */
    private HttpSession session() {
        HttpSession alive = alive();
        HttpSession session = alive == null ? known : alive;
        if (session == null) {
            throw new IllegalStateException("there is no session");
        }
        return session;
    }

    @Override
    public boolean isValid() {
        return alive() != null;
    }

    @Override
    public boolean isInvalidOrInvalidating() {
        return alive() == null;
    }

    @Override
    public String getId() {
        return session().getId();
    }

    @Override
    public String getExtendedId() {
        return getId();
    }

    @Override
    public long getCreationTime() {
        return session().getCreationTime();
    }

    @Override
    public long getLastAccessedTime() {
        return session().getLastAccessedTime();
    }

    @Override
    public int getMaxInactiveInterval() {
        return session().getMaxInactiveInterval();
    }

    @Override
    public void setMaxInactiveInterval(int seconds) {
        session().setMaxInactiveInterval(seconds);
    }

    @Override
    public boolean isNew() {
        return session().isNew();
    }

    @Override
    public void invalidate() {
        session().invalidate();
    }

    /** The id changes when a user logs in. Jetty passes a response that is never sent, if it authenticates only because it was asked for the user. */
    @Override
    public void renewId(Request request, Response response) {
        String unused = requests.changeId(served.request());
    }

    /** No session id is written into a URL. */
    @Override
    public String encodeURI(Request request, String uri, boolean cookiesInUse) {
        return uri;
    }

    @Override
    public Set<String> getAttributeNameSet() {
        return new TreeSet<>(Collections.list(session().getAttributeNames()));
    }

    @Override
    public @Nullable Object getAttribute(String name) {
        HttpSession session = session();
        return switch (name) {
            case SessionAuthentication.AUTHENTICATED_ATTRIBUTE -> login.user(session);
            case StoredLogin.AUTHENTICATED -> login.keepsId(session) ? Boolean.TRUE : null;
            case StoredLogin.CREATED_SECURE -> null;
            case FormAuthenticator.__J_URI -> login.uri();
            case FormAuthenticator.__J_METHOD -> login.method();
            case FormAuthenticator.__J_POST -> login.fields();
            default -> session.getAttribute(name);
        };
    }

    @Override
    public @Nullable Object setAttribute(String name, @Nullable Object value) {
        Object before = getAttribute(name);
        switch (name) {
            case SessionAuthentication.AUTHENTICATED_ATTRIBUTE -> login.setUser(value);
            case StoredLogin.AUTHENTICATED, StoredLogin.CREATED_SECURE -> {} // known otherwise
            case FormAuthenticator.__J_URI -> login.setUri(value);
            case FormAuthenticator.__J_METHOD -> login.setMethod(value);
            case FormAuthenticator.__J_POST -> login.setFields(value);
            default -> session().setAttribute(name, value);
        }
        return before;
    }

    @Override
    public @Nullable Object removeAttribute(String name) {
        return setAttribute(name, null);
    }

    @Override
    protected void checkValidForRead() {}

    @Override
    protected void checkValidForWrite() {}

    /** Gatehouse notifies the listeners of the application. */
    @Override
    protected void onSessionAttributeUpdate(String name, @Nullable Object now, @Nullable Object before) {}

    @Override
    public void onSessionActivation() {}

    @Override
    public void onSessionPassivation() {}

    @Override
    protected void use() {}

    @Override
    public boolean access(long time) {
        return false;
    }

    @Override
    public void release() {}

    @Override
    public boolean isExpiredAt(long time) {
        return false;
    }

    @Override
    public boolean beginInvalidate() {
        return false;
    }

    @Override
    public void finishInvalidate() {}

    @Override
    public void onIdChanged() {}

    @Override
    public boolean isSetCookieNeeded() {
        return false;
    }

    @Override
    public boolean isResident() {
        return true;
    }

    @Override
    public void setResident(boolean resident) {}

    @Override
    public String toString() {
        return SharedSession.class.getSimpleName();
    }
}
