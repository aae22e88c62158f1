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
 * When the user of a request's session last proved who it is, for an application that wants that to be recent before it does
 * something that matters (step-up; the {@code auth_time} of OpenID Connect Core 1.0, section 2). It is noted when the attribute
 * {@code io.gatehouse.user} is set to somebody else, and by {@link #renew}.
 */
public final class Authentication {
    private final @Nullable Session session;

    private Authentication(@Nullable Session session) {
        this.session = session;
    }

    /** That of a request; makes no session. */
    public static Authentication of(HttpServletRequest request) {
        ServletRequest inner = request;
        while (inner instanceof ServletRequestWrapper wrapper) {
            if (inner instanceof SessionRequest ours) {
                return new Authentication(ours.existingSession());
            }
            inner = wrapper.getRequest();
        }
        return new Authentication(null);
    }

    /**
     * Asks whether somebody may try to log in to an account, for applications that find the account in a way of their own; those
     * with a form name it in {@code GATEHOUSE_LOGIN_FORMS} instead. If not, the password must not even be looked at. If so, the
     * attempt has succeeded if this request logs in the same account, and has failed if not, unless the application settles the
     * attempt itself. One round trip, and one for the outcome.
     *
     * @param account as the client typed it, whatever it is
     * @throws IllegalStateException if the request did not come through the filter
     */
    public static LoginEntry attempt(HttpServletRequest request, String account) {
        return Admission.of(request).attempt(account);
    }

    /**
     * Says that this request has logged in the account that was typed, where that cannot be seen: the application makes no session, or
     * its users have other names than their accounts. The attempt succeeds at the end of the request, or when its answer leaves.
     *
     * @param account as it was typed
     * @throws IllegalStateException if the request did not come through the filter
     */
    public static void succeeded(HttpServletRequest request, String account) {
        Admission.of(request).login().confirm(account);
    }

    /** When the user last proved who it is, or nothing if nobody is logged in. */
    public Optional<Instant> time() {
        return session == null
                ? Optional.empty()
                : Optional.ofNullable(session.facts().authenticatedAt());
    }

    /**
     * Goes on only if the user has proved who it is no longer ago than that.
     *
     * @throws RecentAuthRequired if not; to be answered with a log-in, after which the user comes back
     */
    public void requireRecentAuth(Duration atMost) {
        if (session == null || !session.facts().isAuthenticatedWithin(atMost)) {
            throw new RecentAuthRequired("needs a log-in of the last " + atMost.toSeconds() + " seconds");
        }
    }

    /**
     * The user has just proved once more who it is: notes the time, and gives the session a new id.
     *
     * @throws IllegalStateException if nobody is logged in
     */
    public void renew(HttpServletRequest request) {
        if (session == null || session.user().isEmpty()) {
            throw new IllegalStateException("nobody is logged in");
        }
        session.authenticated();
        String unused = request.changeSessionId();
    }
}
