package io.gatehouse.servers.guarded;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A login page of which a request with the header {@code X-Slow} gets the end only after {@code /page/release} was requested. */
@WebServlet("/page/*")
public class SlowPage extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final CountDownLatch RELEASE = new CountDownLatch(1);

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain");
        if (Objects.equals(request.getPathInfo(), "/release")) {
            RELEASE.countDown();
        } else if (request.getHeader("X-Slow") != null) {
            response.getWriter().print("x".repeat(100_000));
            response.flushBuffer();
            await();
        }
        response.getWriter().print("please log in");
    }

    private static void await() throws InterruptedIOException {
        try {
            boolean unused = RELEASE.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }
}
