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
import java.util.List;
import java.util.Vector;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Parallel requests of one session on one node share one session object, as in a container without Gatehouse. */
@RedisTest
class SharedSessionTest {
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
    void neverLosesUpdatesUnderALockOnTheSessionOnOneNode() {
        AtomicInteger granted = new AtomicInteger();
        try (App app = App.with(REDIS.url())
                .on("/make", (request, response) -> session(request).setAttribute("token", "once"))
                .on("/add", (request, response) -> {
                    HttpSession session = session(request);
                    synchronized (session) {
                        Integer n = (Integer) session.getAttribute("n");
                        session.setAttribute("n", n == null ? 1 : n + 1);
                    }
                })
                .on("/buy", (request, response) -> {
                    HttpSession session = session(request);
                    synchronized (session) {
                        if (session.getAttribute("token") != null) {
                            session.removeAttribute("token");
                            granted.incrementAndGet();
                        }
                    }
                })
                .on(
                        "/n",
                        (request, response) -> print(response, session(request).getAttribute("n")))
                .start()) {
            Browser browser = new Browser();
            browser.get(app.url("/make"));
            Overlap.together(4, client -> {
                for (int i = 0; i < 250; i++) {
                    Overlap.same(browser).get(app.url("/add"));
                }
            });
            assertThat(browser.get(app.url("/n")).body()).isEqualTo("1000");
            for (int round = 0; round < 100; round++) {
                browser.get(app.url("/make"));
                Overlap.together(2, client -> Overlap.same(browser).get(app.url("/buy")));
            }
            assertThat(granted).hasValue(100);
        }
    }

    @SuppressWarnings("JdkObsolete") // applications do store such lists in sessions
    @Test
    void keepsAllElementsThatParallelRequestsAddToASharedList() {
        try (App app = App.with(REDIS.url())
                .on("/make", (request, response) -> session(request).setAttribute("list", new Vector<String>()))
                .on("/add", (request, response) -> {
                    @SuppressWarnings("unchecked")
                    List<String> list = (List<String>) session(request).getAttribute("list");
                    list.add(request.getQueryString());
                })
                .on(
                        "/size",
                        (request, response) ->
                                print(response, ((List<?>) session(request).getAttribute("list")).size()))
                .start()) {
            Browser browser = new Browser();
            browser.get(app.url("/make"));
            Overlap.together(4, client -> {
                for (int i = 0; i < 100; i++) {
                    Overlap.same(browser).get(app.url("/add?" + client + "-" + i));
                }
            });
            assertThat(browser.get(app.url("/size")).body()).isEqualTo("400");
        }
    }
}
