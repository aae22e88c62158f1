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

/** Counts in another thread: by itself, or by a dispatch to the other servlet. */
@WebServlet(urlPatterns = "/async/*", asyncSupported = true)
public class AsyncServlet extends HttpServlet {
    /** The answer when the server has lost what the other thread did. */
    public static final String LOST = "lost by the server";

    /** Where the request says whether its asynchronous cycle is one of the original request. */
    static final String ORIGINAL = "original";

    private static final long serialVersionUID = 1L;
    private static final Duration UNTIL_LOST = Duration.ofSeconds(5);

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        AsyncContext async = request.startAsync();
        async.setTimeout(UNTIL_LOST.toMillis());
        async.addListener(new SaysThatItIsLost());
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

    private static final class SaysThatItIsLost implements AsyncListener {
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
