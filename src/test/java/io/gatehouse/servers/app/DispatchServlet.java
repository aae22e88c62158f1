package io.gatehouse.servers.app;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Lets {@link SessionServlet} count: by a forward, an include, an asynchronous dispatch, or as the error page. */
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
                throw new IllegalStateException("thrown on request of the test");
            }
        }
    }
}
