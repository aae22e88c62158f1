package io.gatehouse.internal.oidc;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code POST <prefix>/oidc/backchannel-logout} and, if it is enabled, {@code GET <prefix>/oidc/frontchannel-logout}. Responses
 * have no body: 200 if the sessions have ended, 400 for every request that is not valid, 503 if the provider should send it again.
 */
public final class LogoutServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final String BACK_CHANNEL = "backchannel-logout";
    private static final String FRONT_CHANNEL = "frontchannel-logout";
    private static final int MAX_BODY = 64 * 1024;

    private final transient ProviderLogout logout;

    /** Creates the servlet; it is to be mapped to a path and all paths below it. */
    public LogoutServlet(ProviderLogout logout) {
        this.logout = logout;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) {
        String path = request.getPathInfo() == null ? "" : request.getPathInfo().replaceAll("^/|/$", "");
        if (path.equals(BACK_CHANNEL)) {
            respond(request, response, "POST");
        } else if (path.equals(FRONT_CHANNEL) && logout.hasFrontChannel()) {
            respond(request, response, "GET");
        } else {
            response.setStatus(HttpServletResponse.SC_NOT_FOUND);
        }
    }

    private void respond(HttpServletRequest request, HttpServletResponse response, String method) {
        response.setHeader("Cache-Control", "no-store");
        if (!request.getMethod().equals(method)) {
            response.setHeader("Allow", method);
            response.setStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
            return;
        }
        LogoutOutcome outcome = method.equals("POST") ? backChannel(request) : frontChannel(request);
        switch (outcome) {
            case ENDED -> response.setStatus(HttpServletResponse.SC_OK);
            case UNAVAILABLE -> {
                response.setHeader("Retry-After", "30");
                response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            }
            default -> response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
        }
    }

    private LogoutOutcome backChannel(HttpServletRequest request) {
        String token = request.getContentLengthLong() > MAX_BODY ? null : parameter(request, "logout_token");
        return token == null ? logout.malformed() : logout.backChannel(token);
    }

    private LogoutOutcome frontChannel(HttpServletRequest request) {
        String issuer = parameter(request, "iss");
        String sid = parameter(request, "sid");
        return issuer == null || sid == null ? logout.malformed() : logout.frontChannel(issuer, sid);
    }

    /** Returns the value of a parameter, or null if it is missing, there are several, or the body is unreadable. */
    private static @Nullable String parameter(HttpServletRequest request, String name) {
        try {
            String[] values = request.getParameterValues(name);
            return values == null || values.length != 1 ? null : values[0];
        } catch (RuntimeException e) {
            return null; // a container throws what it likes for a form that it cannot read
        }
    }
}
