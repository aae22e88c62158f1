package io.gatehouse.servers.app;

import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/** Exercises parts of the session contract (Servlet 6.0, chapter 7) that implementations often get wrong. */
@WebServlet("/contract/*")
public class ContractServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        switch (request.getPathInfo()) {
            case "/quiet" -> {}
            case "/not-modified" -> {
                request.getSession().setAttribute("seen", true);
                response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            }
            case "/new-forwarded" -> {
                request.getSession();
                request.getRequestDispatcher("/contract/new").forward(request, response);
            }
            case "/cached" -> {
                response.setHeader("Cache-Control", "public, max-age=3600");
                request.getSession();
            }
            default -> response.getWriter().print(result(request, response));
        }
    }

    private static String result(HttpServletRequest request, HttpServletResponse response) {
        HttpSession session = request.getSession();
        return switch (request.getPathInfo()) {
            case "/times" -> session.getCreationTime() + " " + session.getLastAccessedTime();
            case "/new" -> session.isNew() + " " + request.getSession().isNew();
            case "/interval" -> "" + interval(session, request.getParameter("seconds"));
            case "/again" -> replaceSession(request);
            case "/urls" -> response.encodeURL("/x") + " " + response.encodeRedirectURL("/y?z");
            case "/attributes" ->
                Collections.list(request.getAttributeNames()).stream()
                        .filter(name -> name.startsWith("io.gatehouse"))
                        .toList()
                        .toString();
            case "/seen" -> "" + session.getAttribute("seen");
            default -> throw new IllegalArgumentException(request.getPathInfo());
        };
    }

    private static int interval(HttpSession session, @Nullable String wanted) {
        if (wanted != null) {
            session.setMaxInactiveInterval(Integer.parseInt(wanted));
        }
        return session.getMaxInactiveInterval();
    }

    private static String replaceSession(HttpServletRequest request) {
        HttpSession first = request.getSession();
        first.setAttribute("a", 1);
        first.invalidate();
        boolean none = request.getSession(false) == null;
        boolean invalid = !request.isRequestedSessionIdValid();
        HttpSession second = request.getSession();
        return none + " " + invalid + " " + second.isNew() + " " + second.getAttribute("a") + " "
                + first.getId().equals(second.getId());
    }
}
