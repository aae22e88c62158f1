package io.gatehouse.internal.web;

import io.gatehouse.internal.session.Session;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.security.Principal;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the container's authentication and the session of Gatehouse consistent. When the container authenticates another user, the id
 * of the session changes, and the session belongs to that user unless the application sets a user itself. The session is then also
 * filed under the session of the OpenID provider, if the user has logged in there. When the session ends, the container logs the user out.
 */
final class ContainerAuthentication {
    /** The name of the user for whom the id was changed last. */
    static final String PRINCIPAL_ATTRIBUTE = "io.gatehouse.principal";

    /** The prefix of the names of Open Liberty's cookies that authenticate a user without a session. */
    private static final String LIBERTY_TOKEN = "LtpaToken";

    /** The cookie of single sign-on of Tomcat, Payara and WildFly, which authenticates a user in a new session. */
    private static final String SINGLE_SIGN_ON = "JSESSIONIDSSO";

    private static final System.Logger LOG = System.getLogger(ContainerAuthentication.class.getName());

    private ContainerAuthentication() {}

    /**
     * Called when the container has a user, who may be the same as before.
     *
     * @param rememberedSince returns the {@linkplain #rememberedSince time} since which the container remembers the user from an earlier
     *     request; null if the user has logged in now
     * @param idChanged whether the container has changed the id for this user
     */
    static void onLogin(
            @Nullable Principal principal,
            Session session,
            HttpSessionAdapter adapter,
            @Nullable LongSupplier rememberedSince,
            boolean idChanged) {
        String name = principal == null ? null : principal.getName();
        if (name == null || name.isEmpty()) {
            return;
        }
        Object before = session.attribute(PRINCIPAL_ATTRIBUTE, ContainerAuthentication.class.getClassLoader());
        if (name.equals(before)) {
            return;
        }
        if (!session.isNew() && !idChanged) {
            adapter.changeId(session);
        }
        session.setAttribute(PRINCIPAL_ATTRIBUTE, name);
        adapter.providerSession().ifPresent(sid -> session.setAttribute(Session.PROVIDER_SESSION_ATTRIBUTE, sid));
        if (session.user().isEmpty() || session.user().equals(before)) {
            session.setAttribute(Session.USER_ATTRIBUTE, name);
            if (rememberedSince != null) {
                session.authenticatedAt(rememberedSince.getAsLong());
            }
        }
    }

    /** Called when the application has logged out the user, and keeps the session. */
    static void onLogout(Session session) {
        Object before = session.attribute(PRINCIPAL_ATTRIBUTE, ContainerAuthentication.class.getClassLoader());
        @Nullable Object unused = session.removeAttribute(PRINCIPAL_ATTRIBUTE);
        if (session.user().equals(before)) {
            unused = session.removeAttribute(Session.USER_ATTRIBUTE);
        }
    }

    /** Returns the name of the user that the container has authenticated, or null. */
    static @Nullable String principal(HttpServletRequest request) {
        Principal principal = request.getUserPrincipal();
        return principal == null ? null : principal.getName();
    }

    /** Returns whether the container knows the user from an earlier request, and not from credentials in this one. */
    static boolean isRemembered(HttpServletRequest request) {
        return request.getUserPrincipal() != null
                && (request.getSession(false) != null || hasLoginCookie(request.getCookies()));
    }

    /**
     * Returns the earliest time at which a user whom the container remembers can have logged in, in milliseconds since 1970: the creation of
     * the container's own session. 0 if the time is unknown, because a cookie may have logged the user in to that session.
     */
    static long rememberedSince(HttpServletRequest request) {
        HttpSession session = hasLoginCookie(request.getCookies()) ? null : request.getSession(false);
        try {
            return session == null ? 0 : session.getCreationTime();
        } catch (IllegalStateException e) { // a parallel request has ended it
            return 0;
        }
    }

    /** Returns the name of the user for whom the id was changed last, or null. */
    static @Nullable String principalOf(Session session) {
        return session.attribute(PRINCIPAL_ATTRIBUTE, ContainerAuthentication.class.getClassLoader())
                        instanceof String name
                ? name
                : null;
    }

    /** Returns whether a request has a cookie that authenticates a user without a session. */
    static boolean hasLoginCookie(Cookie @Nullable [] cookies) {
        return cookies != null
                && Arrays.stream(cookies)
                        .map(Cookie::getName)
                        .anyMatch(name -> name.startsWith(LIBERTY_TOKEN) || name.equals(SINGLE_SIGN_ON));
    }

    /** Logs the user out at the container and ends the container's own session, because the session of Gatehouse has ended. */
    static void end(HttpServletRequest request) {
        try {
            if (request.getUserPrincipal() != null) {
                request.logout();
            }
            HttpSession session = request.getSession(false);
            if (session != null) {
                session.invalidate();
            }
        } catch (ServletException | RuntimeException e) { // the response must not fail for it
            LOG.log(System.Logger.Level.DEBUG, "the container could not log out: {0}", e.toString());
        }
    }
}
