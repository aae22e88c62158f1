package io.gatehouse.web;

import io.gatehouse.session.Session;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one request does about logins: those of the container, and those of the application that sets a user. Thread-safe. */
final class RequestLogins {
    private final HttpServletRequest request;
    private final HttpSessionAdapter adapter;
    /** The user whom the container knew before this request did anything, or null. */
    private final @Nullable String principalBefore;

    private volatile boolean principalProven;
    private volatile long loginsBefore;
    private boolean loggedOut;

    RequestLogins(HttpServletRequest request, HttpSessionAdapter adapter) {
        this.request = request;
        this.adapter = adapter;
        this.principalBefore = ContainerAuthentication.isRemembered(request) ? ContainerAuthentication.principal(request) : null;
    }

    /**
     * The request has got a session.
     *
     * @param fresh whether it has made the session itself; for a user whom the container only remembers from an earlier request
     *     nothing is then known about when the user proved its identity
     */
    void begin(Session session, boolean fresh) {
        boolean remembered = fresh && principalBefore != null && !principalProven;
        ContainerAuthentication.onLogin(request.getUserPrincipal(), session, adapter, remembered);
        loginsBefore = session.logins();
    }

    /** The container may know a user now. */
    void onLogin(@Nullable Session session) {
        if (session != null) {
            ContainerAuthentication.onLogin(request.getUserPrincipal(), session, adapter, false);
        }
    }

    /** The container has checked a password in this request. */
    void onPasswordVerified(@Nullable Session session) {
        principalProven = true;
        onLogin(session);
    }

    void onLogout(@Nullable Session session) {
        if (session != null) {
            ContainerAuthentication.onLogout(session);
        }
    }

    /** The users whom this very request has logged in: that of the session if it was set, that of the container if it appeared. */
    Set<String> loggedIn(@Nullable Session alive) {
        Set<String> users = new HashSet<>();
        if (alive != null && alive.logins() != loginsBefore) {
            users.add(alive.user());
        }
        String principal = ContainerAuthentication.principal(request);
        if (principal != null && (!principal.equals(principalBefore) || principalProven)) {
            users.add(principal);
        }
        return users;
    }

    /** The session has ended: so does the login at the container, once. */
    void end() {
        synchronized (this) {
            if (loggedOut) {
                return;
            }
            loggedOut = true;
        }
        ContainerAuthentication.end(request);
    }

    /** The request makes another session, which may end in its turn. */
    synchronized void resume() {
        loggedOut = false;
    }
}
