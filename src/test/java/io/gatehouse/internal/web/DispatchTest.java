package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Forwards, includes, error pages and asynchronous dispatches share one session, and their changes are stored. */
@RedisTest
class DispatchTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static final CountDownLatch HOLD = new CountDownLatch(1);
    private static App app;

    @BeforeAll
    static void start() {
        app = App.with(REDIS.url())
                .on("/forward", (request, response) -> {
                    request.getSession().setAttribute("a", 1);
                    request.getRequestDispatcher("/target").forward(request, response);
                })
                .on("/include", (request, response) -> {
                    request.getSession().setAttribute("a", 1);
                    request.getRequestDispatcher("/target").include(request, response);
                    request.getSession().setAttribute("c", 3);
                })
                .on(
                        "/include-much",
                        (request, response) ->
                                request.getRequestDispatcher("/much").include(request, response))
                .on("/much", (request, response) -> {
                    request.getSession().setAttribute("a", 1);
                    response.getWriter().print("x".repeat(100_000));
                })
                .on("/target", (request, response) -> {
                    request.getSession().setAttribute("b", 2);
                    response.getWriter()
                            .print(request.getSession() == outer(request).getSession());
                })
                .on("/fail", (request, response) -> {
                    request.getSession().setAttribute("a", 1);
                    throw new ServletException("on purpose");
                })
                .on("/send-error", (request, response) -> {
                    request.getSession().setAttribute("a", 1);
                    response.sendError(404);
                })
                .on("/error", (request, response) -> {
                    request.getSession().setAttribute("b", 2);
                    response.getWriter().print("a is " + request.getSession().getAttribute("a"));
                })
                .on("/async", (request, response) -> {
                    request.getSession().setAttribute("a", 1);
                    AsyncContext async = request.startAsync();
                    new Thread(() -> {
                                HttpServletRequest later = (HttpServletRequest) async.getRequest();
                                later.getSession().setAttribute("b", 2);
                                async.complete();
                            })
                            .start();
                })
                .on("/async-dispatch", (request, response) -> {
                    request.getSession().setAttribute("a", 1);
                    request.startAsync().dispatch("/target");
                })
                .on("/async-ids", (request, response) -> request.startAsync().dispatch("/ids"))
                .on("/async-timeout", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    async.setTimeout(50);
                    request.getSession().setAttribute("a", 1);
                })
                .on("/async-stream", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    new Thread(() -> stream(async)).start();
                })
                .on("/all", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    response.getWriter()
                            .print(
                                    session == null
                                            ? "none"
                                            : session.getAttribute("a") + " " + session.getAttribute("b") + " "
                                                    + session.getAttribute("c"));
                })
                .on("/ids", (request, response) -> {
                    boolean before = request.isRequestedSessionIdValid();
                    String requested = request.getRequestedSessionId();
                    boolean same = request.getSession().getId().equals(requested);
                    response.getWriter()
                            .print(before + " " + same + " " + request.isRequestedSessionIdFromCookie() + " "
                                    + request.isRequestedSessionIdFromURL() + " "
                                    + response.encodeURL("/x").equals("/x"));
                })
                .customize(context -> {
                    ErrorPage page = new ErrorPage();
                    page.setLocation("/error");
                    context.addErrorPage(page);
                })
                .start();
    }

    private static HttpServletRequest outer(HttpServletRequest request) {
        return request;
    }

    private static void stream(AsyncContext async) {
        try {
            HttpServletRequest request = (HttpServletRequest) async.getRequest();
            request.getSession().setAttribute("a", 1);
            async.getResponse().getWriter().print("first");
            async.getResponse().flushBuffer();
            request.getSession().setAttribute("b", 2);
            HOLD.await();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            async.complete();
        }
    }

    @AfterAll
    static void stop() {
        HOLD.countDown();
        app.close();
    }

    @Test
    void forwardsAndIncludesShareTheSession() {
        Browser forwarded = new Browser();
        assertThat(forwarded.get(app.url("/forward")).body()).isEqualTo("true");
        assertThat(forwarded.get(app.url("/all")).body()).isEqualTo("1 2 null");
        Browser included = new Browser();
        assertThat(included.get(app.url("/include")).body()).isEqualTo("true");
        assertThat(included.get(app.url("/all")).body()).isEqualTo("1 2 3");
    }

    @Test
    void aSessionCreatedInAnIncludeThatOverflowsTheBufferGetsItsCookie() {
        Browser browser = new Browser();
        assertThat(browser.get(app.url("/include-much")).body()).hasSize(100_000);
        assertThat(browser.get(app.url("/all")).body()).isEqualTo("1 null null");
    }

    @Test
    void errorPagesShareTheSession() {
        for (String path : new String[] {"/fail", "/send-error"}) {
            Browser browser = new Browser();
            assertThat(browser.get(app.url(path)).body()).as(path).isEqualTo("a is 1");
            assertThat(browser.get(app.url("/all")).body()).as(path).isEqualTo("1 2 null");
        }
    }

    @Test
    void asynchronousRequestsAreStoredWhenTheyComplete() {
        Browser browser = new Browser();
        browser.get(app.url("/async"));
        assertThat(browser.get(app.url("/all")).body()).isEqualTo("1 2 null");
    }

    @Test
    void asynchronousDispatchesShareTheSession() {
        Browser browser = new Browser();
        assertThat(browser.get(app.url("/async-dispatch")).body()).isEqualTo("true");
        assertThat(browser.get(app.url("/all")).body()).isEqualTo("1 2 null");
    }

    @Test
    void storesAsynchronousRequestsThatTimeOut() {
        Browser browser = new Browser();
        assertThat(browser.get(app.url("/async-timeout")).body()).isEqualTo("a is 1");
        assertThat(browser.get(app.url("/all")).body()).isEqualTo("1 2 null");
    }

    @Test
    void savesAStreamBeforeItsFirstByteAndAtItsEnd() {
        Browser browser = new Browser();
        Thread reader = new Thread(() -> browser.get(app.url("/async-stream")));
        reader.start();
        Eventually.holds(
                "stored before the first byte",
                Duration.ofSeconds(5),
                () -> REDIS.keys().stream().anyMatch(key -> key.contains(":s:")));
        HOLD.countDown();
        Eventually.holds("the stream has ended", Duration.ofSeconds(5), () -> !reader.isAlive());
        assertThat(browser.get(app.url("/all")).body()).isEqualTo("1 2 null");
    }

    @Test
    void reportsTheRequestedSessionId() {
        Browser browser = new Browser();
        assertThat(browser.get(app.url("/ids")).body()).isEqualTo("false false false false true");
        assertThat(browser.get(app.url("/ids")).body()).isEqualTo("true true true false true");
        assertThat(browser.get(app.url("/async-ids")).body()).isEqualTo("true true true false true");
        assertThat(new Browser()
                        .withCookie("sid", "nonsense")
                        .get(app.url("/ids"))
                        .body())
                .isEqualTo("false false true false true");
    }
}
