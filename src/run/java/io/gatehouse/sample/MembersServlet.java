package io.gatehouse.sample;

import io.gatehouse.Gatehouse;
import io.gatehouse.internal.session.Session;
import io.gatehouse.ratelimit.Decision;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The base of pages for logged-in users. Their forms are protected against CSRF and lead back to the page. */
abstract class MembersServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    /** Returns the page. */
    abstract Page show(String user, HttpSession session);

    /** Performs the action of a form. Returns false if the action is unknown. */
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
            response.sendError(
                    HttpServletResponse.SC_FORBIDDEN, "The form was not sent by this page; reload it and try again");
        } else if (!mayAct(user, response)) {
            response.sendError(429, "Too many changes in a short time; wait a moment and try again");
        } else if (!act(user, session, request)) {
            response.sendError(HttpServletResponse.SC_BAD_REQUEST, "The action of the form is unknown");
        } else {
            response.sendRedirect(request.getServletPath().substring(1));
        }
    }

    /** Counts a change by the user under the name of an endpoint, which the built-in rule user-action limits. */
    private boolean mayAct(String user, HttpServletResponse response) {
        Decision decision = gatehouse().rateLimiter().checkUser(user, "change");
        if (!decision.isAllowed()) {
            response.setHeader(
                    "Retry-After", Long.toString(decision.retryAfter().toSeconds() + 1));
        }
        return decision.isAllowed();
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
