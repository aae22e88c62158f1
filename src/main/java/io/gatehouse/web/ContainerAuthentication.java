package io.gatehouse.web;

import io.gatehouse.session.Session;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.security.Principal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a log-in of the container's own means for our session: when the user appears or changes, the id does too, and the session
 * is filed under the user, unless the application names another one; when the session ends, so does the container's log-in.
 * If it has ended elsewhere, the client's next request is turned away.
 */
final class ContainerAuthentication {
    /** For whom the id was changed last. */
    static final String PRINCIPAL_ATTRIBUTE = "io.gatehouse.principal";

    /** How the names of Open Liberty's cookies begin that carry a user and need no session. */
    private static final String LIBERTY_TOKEN = "LtpaToken";

    private static final System.Logger LOG = System.getLogger(ContainerAuthentication.class.getName());

    private ContainerAuthentication() {}

    /**
     * The container knows a user, perhaps for some time already.
     *
     * @param remembered whether the session was made by this request although the container only remembers the user from an
     *     earlier one; then nothing is known about when the user proved its identity
     */
    static void onLogin(@Nullable Principal principal, Session session, HttpSessionAdapter adapter, boolean remembered) {
        String name = principal == null ? null : principal.getName();
        if (name == null || name.isEmpty()) {
            return;
        }
        Object before = session.attribute(PRINCIPAL_ATTRIBUTE, ContainerAuthentication.class.getClassLoader());
        if (name.equals(before)) {
            return;
        }
        if (!session.isNew()) {
            adapter.changeId(session);
        }
        session.setAttribute(PRINCIPAL_ATTRIBUTE, name);
        if (session.user().isEmpty() || session.user().equals(before)) {
            session.setAttribute(Session.USER_ATTRIBUTE, name);
            if (remembered) {
                session.authenticatedAtUnknownTime();
            }
        }
    }

    /** The application has logged out, and keeps the session. */
    static void onLogout(Session session) {
        Object before = session.attribute(PRINCIPAL_ATTRIBUTE, ContainerAuthentication.class.getClassLoader());
        @Nullable Object unused = session.removeAttribute(PRINCIPAL_ATTRIBUTE);
        if (session.user().equals(before)) {
            unused = session.removeAttribute(Session.USER_ATTRIBUTE);
        }
    }

    /** The name of the user whom the container knows, or null. */
    static @Nullable String principal(HttpServletRequest request) {
        Principal principal = request.getUserPrincipal();
        return principal == null ? null : principal.getName();
    }

    /** Whether somebody is logged in whom the container knows from an earlier request, and not by what this one brings. */
    static boolean isRemembered(HttpServletRequest request) {
        return request.getUserPrincipal() != null
                && (request.getSession(false) != null || hasLibertyToken(request.getCookies()));
    }

    private static boolean hasLibertyToken(Cookie @Nullable [] cookies) {
        return cookies != null
                && Arrays.stream(cookies).anyMatch(cookie -> cookie.getName().startsWith(LIBERTY_TOKEN));
    }

    /** Our session has ended: so do the container's log-in and its own session, if there is one. */
    static void end(HttpServletRequest request) {
        try {
            if (request.getUserPrincipal() != null) {
                request.logout();
            }
            HttpSession session = request.getSession(false);
            if (session != null) {
                session.invalidate();
            }
        } catch (ServletException | RuntimeException e) { // the answer must not fail for it
            LOG.log(System.Logger.Level.DEBUG, "the container could not log out: {0}", e.toString());
        }
    }
}
