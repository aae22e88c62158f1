package io.gatehouse.web;

import io.gatehouse.session.Session;
import io.gatehouse.session.Sessions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/** Gives the client of one request the cookie that it needs, and only if it does not have it already. Thread-safe. */
final class TokenAnnouncement {
    private final Sessions sessions;
    private final SessionCookie cookie;
    private final HttpServletRequest request;
    private @Nullable String presented;
    private @Nullable String clientHas;

    TokenAnnouncement(Sessions sessions, SessionCookie cookie, HttpServletRequest request) {
        this.sessions = sessions;
        this.cookie = cookie;
        this.request = request;
    }

    /** The token that came with the request and opened a session, or null. It may be one from before a rotation. */
    synchronized void presented(@Nullable String token) {
        presented = token;
        clientHas = token;
    }

    /** Sets the cookie for the session, or removes it if there is none. Does nothing once the answer has left. */
    synchronized void make(@Nullable Session alive, HttpServletResponse response) {
        String token = alive == null ? null : sessions.token(alive);
        if (response.isCommitted() || (token == null ? clientHas == null : token.equals(clientHas))) {
            return;
        }
        if (alive != null && !sessions.mayAnnounce(alive)) {
            return;
        }
        response.addCookie(
                token == null || alive == null ? cookie.removal(request) : cookie.carrying(token, request, alive));
        clientHas = token;
    }

    /** The headers of the answer were thrown away, the cookie with them. */
    synchronized void forget() {
        clientHas = presented;
    }
}
