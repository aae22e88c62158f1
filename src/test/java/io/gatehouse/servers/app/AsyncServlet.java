package io.gatehouse.servers.app;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/** Counts in another thread, directly or by a dispatch to {@link SessionServlet}. */
@WebServlet(urlPatterns = "/async/*", asyncSupported = true)
public class AsyncServlet extends HttpServlet {
    /** The response if the server has lost the completion by the other thread. */
    public static final String LOST = "lost by the server";

    /** The request attribute that shows whether the asynchronous cycle uses the original request. */
    static final String ORIGINAL = "original";

    private static final long serialVersionUID = 1L;
    private static final Duration LOST_AFTER = Duration.ofSeconds(5);

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        AsyncContext async = request.startAsync();
        async.setTimeout(LOST_AFTER.toMillis());
        async.addListener(new LostReporter());
        if ("/original".equals(request.getPathInfo())) {
            request.setAttribute(ORIGINAL, async.hasOriginalRequestAndResponse());
            SessionServlet.count(request.getSession());
            async.dispatch();
        } else if ("/dispatch".equals(request.getPathInfo())) {
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

    private static final class LostReporter implements AsyncListener {
        @Override
        public void onTimeout(AsyncEvent event) throws IOException {
            event.getAsyncContext().getResponse().getWriter().print(LOST);
            event.getAsyncContext().complete();
        }

        @Override
        public void onComplete(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }
}
