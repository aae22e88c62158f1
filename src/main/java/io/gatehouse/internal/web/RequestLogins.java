package io.gatehouse.internal.web;

import io.gatehouse.internal.session.Session;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The logins of one request: by the container, or by the application that sets the user of the session. Keeps both consistent, and
 * reports the users that this request has logged in. Thread-safe.
 */
final class RequestLogins {
    /** Stands for the user who appears next, because some containers change the id before they name the user. */
    private static final String NEXT = "";

    private final HttpServletRequest request;
    private final HttpSessionAdapter adapter;
    private final boolean containerServed;
    /** The user that the container remembered when the request began, or null. */
    private volatile @Nullable String principalBefore;

    private volatile boolean principalProven;
    /** The user for whom the container has changed the id of the session in this request, {@link #NEXT}, or null. */
    private volatile @Nullable String idChangedFor;

    private volatile long loginsBefore;
    private boolean loggedOut;

    /** @param containerServed whether the container remembers users in sessions of Gatehouse, and authenticates after the session was opened */
    RequestLogins(HttpServletRequest request, HttpSessionAdapter adapter, boolean containerServed) {
        this.request = request;
        this.adapter = adapter;
        this.containerServed = containerServed;
        this.principalBefore = !containerServed && ContainerAuthentication.isRemembered(request)
                ? ContainerAuthentication.principal(request)
                : null;
    }

    /** Called when the request has a session. */
    void begin(Session session) {
        if (containerServed && !session.isNew()) {
            principalBefore = ContainerAuthentication.principalOf(session);
        }
        onAuthenticated(session);
        loginsBefore = session.logins();
    }

    private void onAuthenticated(Session session) {
        boolean remembered = !principalProven
                && (containerServed
                        ? ContainerAuthentication.hasLoginCookie(request.getCookies())
                        : principalBefore != null);
        ContainerAuthentication.onLogin(
                request.getUserPrincipal(),
                session,
                adapter,
                remembered ? () -> ContainerAuthentication.rememberedSince(request) : null,
                isIdChangedFor(request.getUserPrincipal()));
    }

    /** Called when a container that uses the sessions of Gatehouse has authenticated the request, or has not. */
    void onContainerAuthenticated(@Nullable Session session) {
        if (session != null) {
            onAuthenticated(session);
        }
    }

    /** Called when the container changes the id of the session, which it does for a login. */
    void onContainerLogin() {
        principalProven = true;
        String user = ContainerAuthentication.principal(request);
        idChangedFor = user == null ? NEXT : user;
    }

    private boolean isIdChangedFor(@Nullable Principal principal) {
        if (principal != null && NEXT.equals(idChangedFor)) {
            idChangedFor = principal.getName();
        }
        return principal != null && principal.getName().equals(idChangedFor);
    }

    /** Called when the container may have authenticated a user. */
    void onLogin(@Nullable Session session) {
        if (session != null) {
            ContainerAuthentication.onLogin(
                    request.getUserPrincipal(), session, adapter, null, isIdChangedFor(request.getUserPrincipal()));
        }
    }

    /** Called when the container has verified a password in this request. */
    void onPasswordVerified(@Nullable Session session) {
        principalProven = true;
        onLogin(session);
    }

    void onLogout(@Nullable Session session) {
        if (session != null) {
            ContainerAuthentication.onLogout(session);
        }
    }

    /** Returns the users that this request has logged in: by setting the user of the session, or at the container. */
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

    /** Ends the login at the container, once, because the session has ended. */
    void end() {
        synchronized (this) {
            if (loggedOut) {
                return;
            }
            loggedOut = true;
        }
        ContainerAuthentication.end(request);
    }

    /** Called when the request creates another session, whose end may have to log out again. */
    synchronized void resume() {
        loggedOut = false;
    }
}
