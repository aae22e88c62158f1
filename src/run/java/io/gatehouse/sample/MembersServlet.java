package io.gatehouse.sample;

import io.gatehouse.Gatehouse;
import io.gatehouse.internal.session.Session;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A page for those who are logged in, with forms that only come from itself and lead back to it. */
abstract class MembersServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    abstract Page show(String user, HttpSession session);

    /** Does what a form asks for, or says false if it asks for nothing known. */
    abstract boolean act(String user, HttpSession session, HttpServletRequest request);

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpSession session = request.getSession(false);
        String user = user(session);
        if (session == null || user == null) {
            response.sendRedirect("login");
            return;
        }
        show(user, session).sendTo(response);
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpSession session = request.getSession(false);
        String user = user(session);
        if (session == null || user == null) {
            response.sendRedirect("login");
        } else if (!csrf(session).equals(request.getParameter("csrf"))) {
            response.sendError(HttpServletResponse.SC_FORBIDDEN, "This form is not from here");
        } else if (!act(user, session, request)) {
            response.sendError(HttpServletResponse.SC_BAD_REQUEST, "This form asks for nothing known");
        } else {
            response.sendRedirect(request.getServletPath().substring(1));
        }
    }

    private static @Nullable String user(@Nullable HttpSession session) {
        return session == null ? null : (String) session.getAttribute(Session.USER_ATTRIBUTE);
    }

    static String csrf(HttpSession session) {
        String csrf = (String) session.getAttribute("csrf");
        if (csrf == null) {
            csrf = UUID.randomUUID().toString();
            session.setAttribute("csrf", csrf);
        }
        return csrf;
    }

    static String action(HttpServletRequest request) {
        return String.valueOf(request.getParameter("action"));
    }

    static String text(HttpServletRequest request, String name) {
        String text = request.getParameter(name);
        return text == null ? "" : text.substring(0, Math.min(text.length(), 60));
    }

    Gatehouse gatehouse() {
        return Gatehouse.of(getServletContext()).orElseThrow();
    }
}
