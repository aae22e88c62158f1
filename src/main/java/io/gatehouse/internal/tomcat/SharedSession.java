package io.gatehouse.internal.tomcat;

import io.gatehouse.internal.web.ContainerRequests;
import io.gatehouse.internal.web.RememberedUser;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.security.Principal;
import org.apache.catalina.Manager;
import org.apache.catalina.connector.Request;
import org.jspecify.annotations.Nullable;

/**
 * The session of one request as Tomcat sees it. The user is stored as {@link RememberedUser}. Used by the threads of its request only.
 */
final class SharedSession extends SessionView {
    private static final String USER = "tomcat.user";
    /** The attribute that names the user whom the container knows, also to the filter. */
    private static final String PRINCIPAL = "io.gatehouse.principal";

    private final Manager manager;
    private final ContainerRequests requests;
    private final Request request;
    private final String handle;
    private final SessionNotes notes;
    private final Runnable ending;
    private HttpSession known;
    private boolean userRead;
    private @Nullable Principal user;
    private @Nullable String authType;

    SharedSession(Manager manager, ContainerRequests requests, Request request, HttpSession session) {
        this.manager = manager;
        this.requests = requests;
        this.request = request;
        this.known = session;
        this.handle = handle(session);
        this.notes = new SessionNotes(requests, request);
        this.ending = requests.ending(raw(), request.getResponse().getResponse());
    }

    private static String handle(HttpSession session) {
        String id = session.getId();
        return id.substring(0, id.lastIndexOf('.'));
    }

    private HttpServletRequest raw() {
        return request.getRequest();
    }

    /** Returns the session as the application sees it; another object after a change of the id. */
    @Override
    public HttpSession getSession() {
        HttpSession now = requests.session(raw(), request.getResponse().getResponse(), false);
        if (now != null && handle(now).equals(handle)) {
            known = now;
        }
        return known;
    }

    /** Returns whether the session has not ended, and the request has made no other one. */
    @Override
    public boolean isValid() {
        HttpSession now = requests.session(raw(), request.getResponse().getResponse(), false);
        return now != null && handle(now).equals(handle);
    }

    String changeId() {
        return requests.changeId(raw());
    }

    @Override
    public void expire() {
        if (isValid()) {
            getSession().invalidate();
        }
    }

    /** Called at the end of each request that has used the session, also if a request listener has failed. */
    @Override
    public void endAccess() {
        ending.run();
    }

    @Override
    public Manager getManager() {
        return manager;
    }

    @Override
    public @Nullable String getAuthType() {
        readUser();
        return authType;
    }

    @Override
    public void setAuthType(@Nullable String type) {
        readUser();
        authType = type;
        storeUser();
    }

    @Override
    public @Nullable Principal getPrincipal() {
        readUser();
        return user;
    }

    @Override
    public void setPrincipal(@Nullable Principal principal) {
        readUser();
        user = principal;
        storeUser();
    }

    private void readUser() {
        if (userRead) {
            return;
        }
        userRead = true;
        String encoded = requests.remembered(raw(), USER);
        RememberedUser stored = encoded == null ? null : Identity.decode(encoded, manager.getContext());
        if (stored == null || !stored.name().equals(getSession().getAttribute(PRINCIPAL))) {
            return;
        }
        RememberedUser now = upToDate(stored);
        if (now != null) {
            user = Identity.principal(now, manager.getContext());
            authType = now.authType();
        }
    }

    /** Returns a user whose roles are read again if that is due, or null if that is not possible, so that the user must log in again. */
    private @Nullable RememberedUser upToDate(RememberedUser stored) {
        long now = RememberedUser.present();
        if (!stored.isDue(requests.rolesRefresh(), now)) {
            return stored;
        }
        RememberedUser reread = Identity.reread(stored, manager.getContext(), now);
        requests.remember(raw(), USER, reread == null ? null : reread.encode());
        return reread;
    }

    private void storeUser() {
        boolean rereads = !requests.rolesRefresh().isZero();
        requests.remember(
                raw(),
                USER,
                user == null
                        ? null
                        : Identity.of(user, authType, manager.getContext(), rereads, RememberedUser.present())
                                .encode());
    }

    @Override
    public @Nullable Object getNote(String name) {
        return notes.get(name);
    }

    @Override
    public void setNote(String name, @Nullable Object value) {
        notes.set(name, value);
    }
}
