package io.gatehouse.web;

import io.gatehouse.container.UnsentResponse;
import io.gatehouse.session.Session;
import io.gatehouse.session.Sessions;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The cookies of Gatehouse in the response to one request. A cookie is written only if the client does not have it already. A response
 * with a cookie is restricted to private caches ({@link PrivateAnswer}), also if the application sets its caching fields later.
 * Thread-safe.
 */
final class AnswerCookies {
    private final Sessions sessions;
    private final SessionCookie cookie;
    private final HttpServletRequest request;
    private @Nullable String presented;
    private @Nullable String clientHas;
    private boolean present;

    AnswerCookies(Sessions sessions, SessionCookie cookie, HttpServletRequest request) {
        this.sessions = sessions;
        this.cookie = cookie;
        this.request = request;
    }

    /** Notes the token with which the client has opened a session, or null. */
    synchronized void presented(@Nullable String token) {
        presented = token;
        clientHas = token;
    }

    /** Writes the token of the session, or removes the cookie if there is no session, unless the client has that state already. */
    synchronized void writeCookie(@Nullable Session session, HttpServletResponse answer) {
        String token = session == null ? null : sessions.token(session);
        if (Objects.equals(token, clientHas) || (session != null && !sessions.mayAnnounce(session))) {
            return;
        }
        Cookie wanted =
                token == null || session == null ? cookie.removal(request) : cookie.carrying(token, request, session);
        if (add(answer, wanted)) {
            clientHas = token;
        }
    }

    /** Removes the cookie. */
    synchronized void remove(HttpServletResponse answer) {
        boolean unused = add(answer, cookie.removal(request));
    }

    /** Returns whether a cookie can still reach the client. */
    static boolean canBeAddedTo(HttpServletResponse answer) {
        return open(answer) != null;
    }

    private static @Nullable HttpServletResponse open(HttpServletResponse answer) {
        return answer.isCommitted() ? UnsentResponse.behind(answer) : answer;
    }

    /** Adds a cookie and restricts the response to private caches; returns whether the client gets the cookie. */
    private boolean add(HttpServletResponse answer, Cookie cookie) {
        HttpServletResponse open = open(answer);
        if (open == null) {
            return false;
        }
        open.addCookie(cookie);
        present = true;
        PrivateAnswer.restrict(open);
        return true;
    }

    /** Called when the response may have got another cookie of Gatehouse. */
    synchronized void mayBeIn(HttpServletResponse answer) {
        HttpServletResponse open = open(answer);
        if (open != null) {
            present = true;
            PrivateAnswer.restrict(open);
        }
    }

    /** Called when the application has set a header field, which must not allow shared caches to store a response with a cookie. */
    synchronized void fieldWasSet(String field, HttpServletResponse answer) {
        if (present && PrivateAnswer.isAbout(field) && !answer.isCommitted()) {
            PrivateAnswer.restrict(answer);
        }
    }

    /** Called when the header fields of the response were reset. */
    synchronized void reset() {
        clientHas = presented;
        present = false;
    }
}
