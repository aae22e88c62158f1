package io.gatehouse.servers.app;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Lets the other servlet count: by a forward, by an include, after a forward by an asynchronous dispatch back, or as the error page after a failure of its own. */
@WebServlet(urlPatterns = "/dispatch/*", asyncSupported = true)
public class DispatchServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        RequestDispatcher counting = request.getRequestDispatcher("/session/count");
        switch (request.getPathInfo()) {
            case "/forward" -> counting.forward(request, response);
            case "/include" -> counting.include(request, response);
            case "/async" -> {
                int count = SessionServlet.count(request.getSession());
                if (request.getDispatcherType() == DispatcherType.ASYNC) {
                    response.getWriter().print(count + " " + request.getAttribute(AsyncServlet.ORIGINAL));
                } else {
                    request.getRequestDispatcher("/async/original").forward(request, response);
                }
            }
            case "/error" -> {
                SessionServlet.count(request.getSession());
                response.sendError(HttpServletResponse.SC_CONFLICT);
            }
            default -> {
                SessionServlet.count(request.getSession());
                throw new IllegalStateException("as it was asked for");
            }
        }
    }
}
