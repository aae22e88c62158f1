package io.gatehouse.internal.web;

import io.gatehouse.internal.servers.UnsentResponse;
import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.session.SessionRepository;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The cookies of Gatehouse in the response to one request. A cookie is written only if the client does not have it already. A response
 * with a cookie is restricted to private caches ({@link NoStoreResponse}), even if the application sets its caching headers later.
 * Thread-safe.
 */
final class ResponseCookies {
    private final SessionRepository sessionRepository;
    private final SessionCookie cookie;
    private final HttpServletRequest request;
    private @Nullable String presented;
    private @Nullable String clientHas;
    private @Nullable Cookie replaced;
    private boolean present;

    ResponseCookies(SessionRepository sessionRepository, SessionCookie cookie, HttpServletRequest request) {
        this.sessionRepository = sessionRepository;
        this.cookie = cookie;
        this.request = request;
    }

    /** Notes the token with which the client has opened a session, or null. */
    synchronized void presented(@Nullable String token) {
        presented = token;
        clientHas = token;
    }

    /** Notes the removal of a cookie that must not survive the next change of the session's cookie, or null if there is none. */
    synchronized void replaces(@Nullable Cookie removal) {
        replaced = removal;
    }

    /** Writes the token of the session, or removes the cookie if there is no session, unless the client has that state already. */
    synchronized void writeCookie(@Nullable Session session, HttpServletResponse answer) {
        String token = session == null ? null : sessionRepository.token(session);
        if (Objects.equals(token, clientHas) || (session != null && !sessionRepository.mayAnnounce(session))) {
            return;
        }
        Cookie wanted =
                token == null || session == null ? cookie.removal(request) : cookie.carrying(token, request, session);
        if (add(answer, wanted)) {
            clientHas = token;
            if (replaced != null) {
                boolean unused = add(answer, replaced);
            }
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
        NoStoreResponse.restrict(open);
        return true;
    }

    /** Called when the response may have got another cookie of Gatehouse. */
    synchronized void onOtherCookie(HttpServletResponse answer) {
        HttpServletResponse open = open(answer);
        if (open != null) {
            present = true;
            NoStoreResponse.restrict(open);
        }
    }

    /** Called when the application has set a header, which must not allow shared caches to store a response with a cookie. */
    synchronized void onHeaderSet(String field, HttpServletResponse answer) {
        if (present && NoStoreResponse.isCachingHeader(field) && !answer.isCommitted()) {
            NoStoreResponse.restrict(answer);
        }
    }

    /** Called when the response headers were reset. */
    synchronized void reset() {
        clientHas = presented;
        present = false;
    }
}
