package io.gatehouse.servers.guarded;

import io.gatehouse.Gatehouse;
import io.gatehouse.internal.session.Session;
import io.gatehouse.session.SessionManager;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.annotation.HttpConstraint;
import jakarta.servlet.annotation.ServletSecurity;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A public servlet that reports the current user, and logs users in and out. */
@WebServlet("/open/*")
public class GuardedServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    /** The same servlet for members only. */
    @WebServlet("/members/*")
    @ServletSecurity(@HttpConstraint(rolesAllowed = "member"))
    public static class OfMembers extends GuardedServlet {
        private static final long serialVersionUID = 1L;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        String user = String.valueOf(request.getParameter("user"));
        switch (request.getPathInfo()) {
            case "/login" -> request.login(user, user);
            case "/logout" -> request.logout();
            case "/authenticate" -> {
                if (!request.authenticate(response)) {
                    return;
                }
            }
            case "/invalidate" -> request.getSession().invalidate();
            case "/terminate" -> {
                Object unused = manager(request).terminateUserSessions(user, null);
            }
            default -> {}
        }
        Object result = result(request, user);
        response.setContentType("text/plain");
        response.getWriter().print(result);
    }

    /** Answers a form that may have waited for a login. */
    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        if (request.getPathInfo().equals("/please")) { // the login page, to which the server forwards the request
            doGet(request, response);
            return;
        }
        response.setContentType("text/plain");
        response.getWriter().print(request.getRemoteUser() + " posts " + request.getParameter("text"));
    }

    private static Object result(HttpServletRequest request, String user) {
        return switch (request.getPathInfo()) {
            case "/visit", "/authenticate" -> request.getRemoteUser() + " " + count(request.getSession());
            case "/sessions" -> manager(request).getUserSessions(user).size();
            case "/container" -> containerSession(request);
            case "/please" -> "please log in";
            default -> request.getRemoteUser() + " " + userAttribute(request.getSession(false));
        };
    }

    private static int count(HttpSession session) {
        int now = session.getAttribute("count") instanceof Integer before ? before + 1 : 1;
        session.setAttribute("count", now);
        return now;
    }

    private static @Nullable Object userAttribute(@Nullable HttpSession session) {
        return session == null ? null : session.getAttribute(Session.USER_ATTRIBUTE);
    }

    private static SessionManager manager(HttpServletRequest request) {
        return Gatehouse.of(request.getServletContext()).orElseThrow().sessionManager();
    }

    /** Returns whether the server has its own session for this request, below every wrapper. */
    private static String containerSession(HttpServletRequest request) {
        ServletRequest raw = request;
        while (raw instanceof ServletRequestWrapper wrapper) {
            raw = wrapper.getRequest();
        }
        return ((HttpServletRequest) raw).getSession(false) == null ? "none" : "one";
    }
}
