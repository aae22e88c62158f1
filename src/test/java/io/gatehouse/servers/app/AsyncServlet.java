package io.gatehouse.servers.app;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Counts in another thread: by itself, or by a dispatch to the other servlet. */
@WebServlet(urlPatterns = "/async/*", asyncSupported = true)
public class AsyncServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        AsyncContext async = request.startAsync();
        if ("/dispatch".equals(request.getPathInfo())) {
            async.start(() -> async.dispatch("/session/count"));
        } else {
            async.start(() -> count(async));
        }
    }

    private static void count(AsyncContext async) {
        HttpServletRequest request = (HttpServletRequest) async.getRequest();
        try {
            async.getResponse().getWriter().print(SessionServlet.count(request.getSession()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            async.complete();
        }
    }
}
