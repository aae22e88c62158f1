package io.gatehouse.web;

import io.gatehouse.container.UnsentResponse;
import io.gatehouse.session.Session;
import io.gatehouse.session.Sessions;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The cookies of Gatehouse in the answer to one request. Safe for use by several threads. */
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

    /** The request has the token of an open session, or none. */
    synchronized void presented(@Nullable String token) {
        presented = token;
        clientHas = token;
    }

    /** Sends the client the token of its session, or the end of that, unless it has it already. */
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

    /** Makes the client forget its token. */
    synchronized void remove(HttpServletResponse answer) {
        boolean unused = add(answer, cookie.removal(request));
    }

    /** Whether a cookie can still reach the client. */
    static boolean canBeAddedTo(HttpServletResponse answer) {
        return open(answer) != null;
    }

    private static @Nullable HttpServletResponse open(HttpServletResponse answer) {
        return answer.isCommitted() ? UnsentResponse.behind(answer) : answer;
    }

    /** Adds a cookie and restricts the answer to private caches; says whether the client gets it. */
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

    /** The answer may have got another cookie of Gatehouse. */
    synchronized void mayBeIn(HttpServletResponse answer) {
        HttpServletResponse open = open(answer);
        if (open != null) {
            present = true;
            PrivateAnswer.restrict(open);
        }
    }

    /** The application has set a header field: it must not open an answer with a cookie to shared caches. */
    synchronized void fieldWasSet(String field, HttpServletResponse answer) {
        if (present && PrivateAnswer.isAbout(field) && !answer.isCommitted()) {
            PrivateAnswer.restrict(answer);
        }
    }

    /** The header fields of the answer were reset. */
    synchronized void reset() {
        clientHas = presented;
        present = false;
    }
}
