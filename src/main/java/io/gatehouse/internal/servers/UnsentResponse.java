package io.gatehouse.internal.servers;

import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * A response of Catalina (Tomcat, Payara) that the application has finished but that has not been sent. After {@code sendRedirect},
 * {@code sendError} and a forward, Catalina sends the response when the request ends. Until then its facade claims to be committed and
 * drops headers, although Catalina can still add its own session cookie. This wrapper adds the cookie of Gatehouse the same way.
 */
public final class UnsentResponse extends HttpServletResponseWrapper {
    private static final System.Logger LOG = System.getLogger(UnsentResponse.class.getName());
    private static final String FACADE = "org.apache.catalina.connector.ResponseFacade";

    private final HttpServletResponse response;
    private final Method addSessionCookie;

    private UnsentResponse(HttpServletResponse response) throws ReflectiveOperationException {
        super(response);
        this.response = response;
        this.addSessionCookie = response.getClass().getMethod("addSessionCookieInternal", Cookie.class);
        addSessionCookie.setAccessible(true);
    }

    /** Returns the response behind a finished one, or null if it was sent or belongs to another server. */
    public static @Nullable HttpServletResponse behind(HttpServletResponse finished) {
        ServletResponse inner = finished;
        while (inner instanceof ServletResponseWrapper wrapper) {
            inner = wrapper.getResponse();
        }
        if (!ReflectiveAccess.is(FACADE, inner)) {
            return null;
        }
        try {
            return new ReflectiveAccess(inner).field("response").object() instanceof HttpServletResponse response
                            && !response.isCommitted()
                    ? new UnsentResponse(response)
                    : null;
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "could not read the response behind its facade: {0}", e.toString());
            return null;
        }
    }

    /** Adds a cookie, replacing one of the same name. */
    @Override
    public void addCookie(Cookie cookie) {
        try {
            addSessionCookie.invoke(response, cookie);
        } catch (ReflectiveOperationException e) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "the cookie could not replace an earlier one, and is added: {0}",
                    e.toString());
            super.addCookie(cookie);
        }
    }
}
