package io.gatehouse.web;

import io.gatehouse.session.Session;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/**
 * What a log-in of the container's own means for our session: when the user appears or changes, the id does too, and the session
 * is filed under the user, unless the application names another one; when the session ends, so does the container's log-in.
 */
final class ContainerLogIn {
    /** For whom the id was changed last. */
    static final String PRINCIPAL_ATTRIBUTE = "io.gatehouse.principal";

    private static final System.Logger LOG = System.getLogger(ContainerLogIn.class.getName());

    private ContainerLogIn() {}

    /** Somebody is logged in, perhaps for some time already. */
    static void isThere(@Nullable Principal principal, Session session, HttpSessions httpSessions) {
        String name = principal == null ? null : principal.getName();
        if (name == null || name.isEmpty()) {
            return;
        }
        Object before = session.attribute(PRINCIPAL_ATTRIBUTE, ContainerLogIn.class.getClassLoader());
        if (name.equals(before)) {
            return;
        }
        if (!session.isNew()) {
            httpSessions.changeId(session);
        }
        session.setAttribute(PRINCIPAL_ATTRIBUTE, name);
        if (session.user().isEmpty() || session.user().equals(before)) {
            session.setAttribute(Session.USER_ATTRIBUTE, name);
        }
    }

    /** The application has logged out, and keeps the session. */
    static void isGone(Session session) {
        Object before = session.removeAttribute(PRINCIPAL_ATTRIBUTE);
        if (session.user().equals(before)) {
            @Nullable Object unused = session.removeAttribute(Session.USER_ATTRIBUTE);
        }
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
