package io.gatehouse.internal.web;

import io.gatehouse.internal.session.SessionRepository;
import io.gatehouse.internal.session.TokenVerification;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;

/** The session id that a client has sent in the cookie of Gatehouse, valid or not. Thread-safe. */
final class RequestedSessionId {
    private final TokenVerification tokenVerification;
    private final SessionCookie cookie;
    private final HttpServletRequest request;

    private RequestedSessionId(TokenVerification tokenVerification, SessionCookie cookie, HttpServletRequest request) {
        this.tokenVerification = tokenVerification;
        this.cookie = cookie;
        this.request = request;
    }

    /** Reads the cookie of a request, and verifies its token. */
    static RequestedSessionId of(HttpServletRequest request, SessionCookie cookie, SessionRepository sessions) {
        return new RequestedSessionId(sessions.verify(cookie.values(request)), cookie, request);
    }

    /** Returns what the cookie claims. */
    TokenVerification verification() {
        return tokenVerification;
    }

    /** Returns the cookie as the client of the request gets it. */
    SessionCookie cookie() {
        return cookie;
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
        return tokenVerification instanceof TokenVerification.Verified verified ? verified.id() : cookieValue();
    }

    private @Nullable String cookieValue() {
        return cookie.values(request).stream().findFirst().orElse(null);
    }
}
