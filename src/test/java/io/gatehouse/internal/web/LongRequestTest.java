package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Overlap;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that take longer than the idle timeout. */
@RedisTest
class LongRequestTest {
    private static final TestRedis REDIS = TestRedis.shared();

    /** Idle timeouts are whole seconds on the clock of Redis, which a test cannot set. */
    private static final long LONGER_THAN_THE_IDLE_TIMEOUT = TimeUnit.MILLISECONDS.toNanos(2500);

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch ending = new CountDownLatch(1);

    @ParameterizedTest
    @ValueSource(strings = {"blocking", "async", "stream", "upload"})
    void aSessionDoesNotExpireDuringARequest(String kind) {
        App.Builder builder = App.with(REDIS.url())
                .set("GATEHOUSE_SESSION_CLEANUP_INTERVAL", "1s")
                .on("/login", (request, response) -> request.getSession().setMaxInactiveInterval(1))
                .on("/blocking", (request, response) -> report(request))
                .on("/async", (request, response) -> continueOnAThread(request.startAsync()))
                .on("/stream", (request, response) -> {
                    response.setContentType("text/event-stream");
                    response.getWriter().print("data: begun\n\n");
                    response.flushBuffer();
                    continueOnAThread(request.startAsync());
                })
                .on("/upload", this::upload)
                .on("/result", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    response.getWriter().print(session == null ? "logged out" : session.getAttribute("report"));
                });
        try (App app = builder.start();
                App other = builder.start()) {
            Browser browser = new Browser();
            browser.get(app.url("/login"));
            Browser same = Overlap.same(browser);
            CompletableFuture<Integer> status = Overlap.start(() -> send(kind, same, URI.create(app.url("/" + kind))));
            Overlap.await(begun);
            long until = System.nanoTime() + LONGER_THAN_THE_IDLE_TIMEOUT;
            while (System.nanoTime() < until) {
                other.gatehouse().sessionManager().cleanupExpiredSessions();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
            ending.countDown();
            assertThat(status.join()).isEqualTo(200);
            assertThat(browser.get(other.url("/result")).body()).isEqualTo("done");
        }
    }

    /** Sends a request and returns the status. The last byte of an upload is sent when the test ends it. */
    private int send(String kind, Browser browser, URI address) {
        if (!kind.equals("upload")) {
            return browser.send(HttpRequest.newBuilder(address)).status();
        }
        try {
            HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
            connection.setRequestProperty("Cookie", "sid=" + browser.token());
            connection.setDoOutput(true);
            connection.setChunkedStreamingMode(1);
            try (OutputStream body = connection.getOutputStream()) {
                body.write('x');
                body.flush();
                Overlap.await(ending);
                body.write('x');
            }
            return connection.getResponseCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void report(HttpServletRequest request) {
        HttpSession session = request.getSession();
        begun.countDown();
        Overlap.await(ending);
        session.setAttribute("report", "done");
    }

    private void continueOnAThread(AsyncContext async) {
        new Thread(() -> {
                    report((HttpServletRequest) async.getRequest());
                    async.complete();
                })
                .start();
    }

    private void upload(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpSession session = request.getSession();
        InputStream body = request.getInputStream();
        assertThat(body.read()).isEqualTo('x');
        begun.countDown();
        response.getWriter().print(body.readAllBytes().length);
        session.setAttribute("report", "done");
    }
}
