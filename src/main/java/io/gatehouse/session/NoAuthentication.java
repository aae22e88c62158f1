package io.gatehouse.session;

import io.gatehouse.login.LoginDecision;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The authentication of a request that has not passed Gatehouse. */
final class NoAuthentication implements Authentication {

    @Override
    public Optional<Instant> time() {
        return Optional.empty();
    }

    @Override
    public void requireRecentAuth(Duration atMost) {
        throw new RecentAuthRequiredException("requires a login within the last " + atMost.toSeconds() + " seconds");
    }

    @Override
    public void renew(HttpServletRequest request) {
        throw new IllegalStateException("no user is logged in");
    }

    @Override
    public LoginDecision begin(String account) {
        throw outside();
    }

    @Override
    public void confirm(String account) {
        throw outside();
    }

    private static IllegalStateException outside() {
        return new IllegalStateException("the request has not passed Gatehouse; expected a request of its filter");
    }
}
