package io.gatehouse.servers.limited;

import io.gatehouse.internal.session.Session;
import io.gatehouse.login.LoginGuard;
import io.gatehouse.ratelimit.RateLimiter;
import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Responds with failures of several kinds, logs users in, and calls the rate limited beans. */
@WebServlet(
        urlPatterns = {
            "/login",
            "/page",
            "/late",
            "/form",
            "/own-charset",
            "/please",
            "/bean/*",
            "/forget",
            "/forgive",
            "/plan",
            "/audit"
        },
        asyncSupported = true)
public class LimitedServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Inject
    transient Offers offers;

    @Inject
    transient Catalog catalog;

    @Inject
    transient Audit audit;

    @Inject
    transient RateLimiter limiter;

    @Inject
    transient LoginGuard guard;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getServletPath().equals("/own-charset")) {
            request.setCharacterEncoding("UTF-8"); // as applications do that do not expect login protection
        }
        response.setContentType("text/plain;charset=UTF-8");
        switch (request.getServletPath()) {
            case "/login" -> refuse(request.getParameter("as"), response);
            case "/late" -> respondLater(request.startAsync(), Integer.parseInt(request.getParameter("status")));
            case "/form", "/own-charset" -> logIn(request, response);
            default -> response.getWriter().print(result(request));
        }
    }

    private static void refuse(String how, HttpServletResponse response) throws IOException {
        switch (how) {
            case "error" -> response.sendError(HttpServletResponse.SC_UNAUTHORIZED);
            case "status" -> response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
            case "exception" -> throw new IllegalStateException("the database is unavailable");
            default -> response.getWriter().print("welcome");
        }
    }

    private static void respondLater(AsyncContext async, int status) {
        async.start(() -> {
            ((HttpServletResponse) async.getResponse()).setStatus(status);
            async.complete();
        });
    }

    private static void logIn(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean right = "right".equals(request.getParameter("password"));
        if (right) {
            request.getSession().setAttribute(Session.USER_ATTRIBUTE, request.getParameter("user"));
        }
        response.getWriter().print(right ? request.getParameter("user") : "wrong");
    }

    private Object result(HttpServletRequest request) {
        return switch (String.valueOf(request.getPathInfo())) {
            case "/limited" -> offers.limited();
            case "/free" -> offers.free();
            case "/first" -> catalog.first();
            case "/second" -> catalog.second();
            default ->
                switch (request.getServletPath()) {
                    case "/forget" -> limiter.reset("ip", request.getParameter("address"));
                    case "/audit" -> String.join("\n", audit.lines());
                    case "/forgive" -> guard.reset(request.getParameter("account"));
                    default -> "page";
                };
        };
    }
}
