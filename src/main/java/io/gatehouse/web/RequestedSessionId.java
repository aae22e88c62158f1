package io.gatehouse.web;

import io.gatehouse.session.Sessions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;

/** The session id that a client has sent in the cookie of Gatehouse, valid or not. Thread-safe. */
final class RequestedSessionId {
    private final Sessions.Claim claim;
    private final SessionCookie cookie;
    private final HttpServletRequest request;

    RequestedSessionId(Sessions.Claim claim, SessionCookie cookie, HttpServletRequest request) {
        this.claim = claim;
        this.cookie = cookie;
        this.request = request;
    }

    /** Returns whether the request has the cookie. */
    boolean isPresent() {
        return cookieValue() != null;
    }

    /**
     * Returns the public id for a genuine token, as {@link HttpSession#getId()} gives it, any other cookie value unchanged, or null
     * without a cookie.
     */
    @Nullable
    String value() {
        return claim instanceof Sessions.Genuine genuine ? genuine.id() : cookieValue();
    }

    private @Nullable String cookieValue() {
        return cookie.values(request).stream().findFirst().orElse(null);
    }
}
