package io.gatehouse.versions;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The application under test: counts the requests of a session, and logs users in and out. */
@WebServlet(
        urlPatterns = {"/count", "/later", "/who", "/timeout", "/page", "/journal", "/login", "/logout"},
        asyncSupported = true)
public class ShopServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final String USER = "io.gatehouse.user";

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (request.getServletPath()) {
            case "/count" -> response.getWriter().print(count(request.getSession()));
            case "/later" -> request.startAsync().dispatch("/count");
            case "/who" -> response.getWriter().print(user(request.getSession(false)));
            case "/timeout" -> response.getWriter().print(request.getSession().getMaxInactiveInterval());
            case "/journal" -> response.getWriter().print(getServletContext().getAttribute(Journal.NAME));
            default -> response.getWriter().print("page");
        }
    }

    private static int count(HttpSession session) {
        int count = session.getAttribute("count") instanceof Integer before ? before + 1 : 1;
        session.setAttribute("count", count);
        return count;
    }

    private static Object user(@Nullable HttpSession session) {
        Object user = session == null ? null : session.getAttribute(USER);
        return user == null ? "guest" : user;
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getServletPath().equals("/logout")) {
            request.getSession().invalidate();
        } else if ("open sesame".equals(request.getParameter("password"))) {
            request.getSession().setAttribute(USER, request.getParameter("user"));
        } else {
            response.sendError(HttpServletResponse.SC_UNAUTHORIZED);
        }
    }
}
