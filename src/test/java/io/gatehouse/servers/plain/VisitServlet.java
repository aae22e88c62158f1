package io.gatehouse.servers.plain;

import jakarta.servlet.annotation.HttpConstraint;
import jakarta.servlet.annotation.ServletSecurity;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.Objects;

/** Reports the user and the number of visits of the session. The code knows nothing of Gatehouse. */
@WebServlet("/open/*")
public class VisitServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    /** The same servlet for members only. */
    @WebServlet("/members/*")
    @ServletSecurity(@HttpConstraint(rolesAllowed = "member"))
    public static class OfMembers extends VisitServlet {
        private static final long serialVersionUID = 1L;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain");
        response.getWriter()
                .print(
                        switch (Objects.requireNonNull(request.getPathInfo())) {
                            case "/please" -> "please log in";
                            case "/end" -> end(request.getSession());
                            default -> request.getRemoteUser() + " " + count(request.getSession());
                        });
    }

    /** Answers a form that may have waited for a login. */
    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (Objects.equals(
                request.getPathInfo(), "/please")) { // the login page, to which the server forwards the request
            doGet(request, response);
            return;
        }
        response.setContentType("text/plain");
        response.getWriter().print(request.getRemoteUser() + " posts " + request.getParameter("text"));
    }

    private static int count(HttpSession session) {
        int count = session.getAttribute("count") instanceof Integer before ? before + 1 : 1;
        session.setAttribute("count", count);
        return count;
    }

    private static String end(HttpSession session) {
        session.invalidate();
        return "ended";
    }
}
