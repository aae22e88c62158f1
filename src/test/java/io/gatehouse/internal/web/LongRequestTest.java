package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Overlap;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A request that takes longer than the idle timeout. */
@RedisTest
class LongRequestTest {
    private static final TestRedis REDIS = TestRedis.shared();

    @BeforeEach
    void empty() {
        Overlap.reset();
    }

    private static void print(HttpServletResponse response, Object text) throws IOException {
        response.getWriter().print(text);
    }

    private static HttpSession session(HttpServletRequest request) {
        return request.getSession();
    }

    @Test
    void aSessionDoesNotExpireDuringARequest() {
        App.Builder builder = App.with(REDIS.url())
                .set("GATEHOUSE_SESSION_CLEANUP_INTERVAL", "1s")
                .on("/login", (request, response) -> session(request).setMaxInactiveInterval(1))
                .on("/report", (request, response) -> {
                    HttpSession session = session(request);
                    Overlap.pause();
                    session.setAttribute("report", "done");
                })
                .on("/result", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    print(response, session == null ? "logged out" : session.getAttribute("report"));
                });
        try (App app = builder.start();
                App other = builder.start()) {
            Browser browser = new Browser();
            browser.get(app.url("/login"));
            CompletableFuture<Browser.Answer> report =
                    Overlap.start(() -> Overlap.same(browser).get(app.url("/report")));
            Overlap.awaitPause();
            long until = System.nanoTime()
                    + TimeUnit.MILLISECONDS.toNanos(2500); // idle timeouts are whole seconds on the clock of Redis
            while (System.nanoTime() < until) {
                other.gatehouse().sessionManager().cleanupExpiredSessions();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
            Overlap.resume();
            report.join();
            assertThat(browser.get(other.url("/result")).body()).isEqualTo("done");
        }
    }
}
