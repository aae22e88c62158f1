package io.gatehouse.web;

import io.gatehouse.ratelimit.LoginEntry;
import io.gatehouse.session.Session;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The authentication of the user of a request's session. An application can require a recent one before a sensitive operation
 * (step-up authentication; the {@code auth_time} of OpenID Connect Core 1.0, section 2). The time is set when the session attribute
 * {@code io.gatehouse.user} gets another user, and by {@link #renew}. Thread-safe.
 */
public final class Authentication {
    private final @Nullable Session session;

    private Authentication(@Nullable Session session) {
        this.session = session;
    }

    /** Returns the authentication of a request. Creates no session. */
    public static Authentication of(HttpServletRequest request) {
        ServletRequest inner = request;
        while (inner instanceof ServletRequestWrapper wrapper) {
            if (inner instanceof SessionRequest wrapped) {
                return new Authentication(wrapped.existingSession());
            }
            inner = wrapper.getRequest();
        }
        return new Authentication(null);
    }

    /**
     * Begins a login attempt, for applications that determine the account themselves. An application with a login form names it in
     * {@code GATEHOUSE_LOGIN_FORMS} instead. If the attempt is denied, the application must not check the password. If it is
     * allowed, it succeeds if this request logs in the same account, and fails otherwise, unless the application completes the
     * attempt itself. Costs one round trip, and one for the outcome.
     *
     * @param account the account as the client typed it, whether it exists or not
     * @throws IllegalStateException if the request did not come through the filter
     */
    public static LoginEntry attempt(HttpServletRequest request, String account) {
        return Admission.of(request).attempt(account);
    }

    /**
     * Confirms that this request has logged in the account that was typed. Needed where Gatehouse cannot see it: the application
     * creates no session, or its user names differ from its accounts. The attempt succeeds when the response is committed or the
     * request ends.
     *
     * @param account the account as it was typed
     * @throws IllegalStateException if the request did not come through the filter
     */
    public static void succeeded(HttpServletRequest request, String account) {
        Admission.of(request).login().confirm(account);
    }

    /** Returns the time of the last authentication, or empty if no user is logged in or the time is unknown. */
    public Optional<Instant> time() {
        return session == null
                ? Optional.empty()
                : Optional.ofNullable(session.facts().authenticatedAt());
    }

    /**
     * Requires that the last authentication is recent.
     *
     * @param atMost the maximum age of the authentication
     * @throws RecentAuthRequired if it is older, or no user is logged in. The application should have the user log in again and then
     *     repeat the request; an uncaught exception becomes a 401 response
     */
    public void requireRecentAuth(Duration atMost) {
        if (session == null || !session.facts().isAuthenticatedWithin(atMost)) {
            throw new RecentAuthRequired(
                    "the request needs a login within the last " + atMost.toSeconds() + " seconds");
        }
    }

    /**
     * Records that the user has just authenticated again, and changes the id of the session.
     *
     * @throws IllegalStateException if no user is logged in
     */
    public void renew(HttpServletRequest request) {
        if (session == null || session.user().isEmpty()) {
            throw new IllegalStateException("no user is logged in to the session of the request");
        }
        session.authenticated();
        String unused = request.changeSessionId();
    }
}
