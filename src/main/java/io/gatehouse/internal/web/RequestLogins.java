package io.gatehouse.internal.web;

import io.gatehouse.internal.session.Session;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;
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
    /** The user whom this request has found in its session or recorded there, or null. */
    private volatile @Nullable String recorded;
    /** Whether a user has logged in who was not recorded yet. */
    private volatile boolean loginPending;

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
        recorded = containerServed ? ContainerAuthentication.principalOf(session) : null;
        if (containerServed && !session.isNew()) {
            principalBefore = recorded;
        }
        onAuthenticated(session);
        loginsBefore = session.logins();
    }

    private void onAuthenticated(Session session) {
        boolean remembered = !principalProven
                && (containerServed
                        ? ContainerAuthentication.hasLoginCookie(request.getCookies())
                        : principalBefore != null);
        record(session, remembered ? () -> ContainerAuthentication.rememberedSince(request) : null);
    }

    private void record(Session session, @Nullable LongSupplier rememberedSince) {
        Principal principal = request.getUserPrincipal();
        ContainerAuthentication.onLogin(principal, session, adapter, rememberedSince, isIdChangedFor(principal));
        if (principal != null) {
            recorded = principal.getName();
            loginPending = false;
        }
    }

    /** Returns whether the user was recorded before. If the session no longer names the user, another request has logged out since. */
    private boolean isRecorded() {
        String user = ContainerAuthentication.principal(request);
        return user != null && user.equals(recorded) && !loginPending;
    }

    /** Called when a container that uses the sessions of Gatehouse has authenticated the request, or has not. */
    void onContainerAuthenticated(@Nullable Session session) {
        if (session != null && !isRecorded()) {
            onAuthenticated(session);
        }
    }

    /** Called when the container changes the id of the session, which it does for a login. */
    void onContainerLogin() {
        principalProven = true;
        loginPending = true;
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
        if (session != null && !isRecorded()) {
            record(session, null);
        }
    }

    /** Called when the container has verified a password in this request. */
    void onPasswordVerified(@Nullable Session session) {
        principalProven = true;
        loginPending = true;
        onLogin(session);
    }

    void onLogout(@Nullable Session session) {
        recorded = null;
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
