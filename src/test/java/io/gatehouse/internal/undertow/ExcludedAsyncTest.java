package io.gatehouse.internal.undertow;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Asynchronous requests on paths that the filter does not serve, while the container uses the sessions of Gatehouse. */
@RedisTest
class ExcludedAsyncTest {
    private final TestRedis redis;
    private final Browser browser = new Browser();

    ExcludedAsyncTest(TestRedis redis) {
        this.redis = redis;
    }

    private static void serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpSession session = request.getSession();
        if (request.getRequestURI().equals("/async")) {
            AsyncContext async = request.startAsync();
            Thread serving = Thread.currentThread();
            new Thread(() -> {
                        Eventually.holds(
                                "the first thread has ended", Duration.ofSeconds(10), () -> !isServing(serving));
                        session.setAttribute("cart", "apples");
                        async.complete();
                    })
                    .start();
        } else {
            response.getWriter().print(session.getAttribute("cart"));
        }
    }

    private static boolean isServing(Thread thread) {
        return Stream.of(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().startsWith("io.gatehouse."));
    }

    @Test
    void onUndertowTheSessionIsSavedAndReleased() {
        try (UndertowApp app = new UndertowApp(
                Map.of("REDIS_SESSION_URL", redis.url(), "REDIS_RATE_LIMIT_URL", redis.url()),
                ExcludedAsyncTest::serve,
                info -> info.addInitParameter("GATEHOUSE_FILTER_EXCLUDE", "/async"))) {
            browser.get(app.url("/cart"));
            browser.get(app.url("/async"));
            Eventually.holds(
                    "the session is released",
                    Duration.ofSeconds(10),
                    () -> app.gatehouse().sessions().inUse() == 0);
            assertThat(browser.get(app.url("/cart")).body()).isEqualTo("apples");
        }
    }

    @Test
    void onTomcatTheSessionIsSavedAndReleased() {
        try (App app = App.with(redis.url())
                .set("GATEHOUSE_SESSION_INTEGRATION", "container")
                .set("GATEHOUSE_FILTER_EXCLUDE", "/async")
                .on("/*", ExcludedAsyncTest::serve)
                .start()) {
            browser.get(app.url("/cart"));
            browser.get(app.url("/async"));
            Eventually.holds(
                    "the session is released",
                    Duration.ofSeconds(10),
                    () -> app.gatehouse().sessions().inUse() == 0);
            assertThat(browser.get(app.url("/cart")).body()).isEqualTo("apples");
        }
    }
}
