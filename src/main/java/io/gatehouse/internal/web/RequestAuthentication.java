package io.gatehouse.internal.web;

import io.gatehouse.internal.session.Session;
import io.gatehouse.login.LoginDecision;
import io.gatehouse.session.Authentication;
import io.gatehouse.session.RecentAuthRequiredException;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The {@link Authentication} of one request. */
final class RequestAuthentication implements Authentication {
    private final @Nullable Session session;
    private final Admission admission;

    /** @param session the session that the request has now, or null */
    RequestAuthentication(@Nullable Session session, Admission admission) {
        this.session = session;
        this.admission = admission;
    }

    @Override
    public Optional<Instant> time() {
        return session == null
                ? Optional.empty()
                : Optional.ofNullable(session.facts().authenticatedAt());
    }

    @Override
    public void requireRecentAuth(Duration atMost) {
        if (session == null || !session.facts().isAuthenticatedWithin(atMost)) {
            throw new RecentAuthRequiredException(
                    "requires a login within the last " + atMost.toSeconds() + " seconds");
        }
    }

    @Override
    public void renew(HttpServletRequest request) {
        if (session == null || session.user().isEmpty()) {
            throw new IllegalStateException("no user is logged in");
        }
        session.authenticated();
        String unused = request.changeSessionId();
    }

    @Override
    public LoginDecision begin(String account) {
        return admission.attempt(account);
    }

    @Override
    public void confirm(String account) {
        admission.login().confirm(account);
    }
}
