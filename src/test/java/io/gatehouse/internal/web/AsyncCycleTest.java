package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Browser.Answer;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Asynchronous cycles of the Servlet specification: every part of a cycle sees the session of Gatehouse. */
@RedisTest
class AsyncCycleTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static final BlockingQueue<String> EVENTS = new ArrayBlockingQueue<>(10);
    private static App app;

    private final Browser browser = new Browser();

    @BeforeAll
    static void start() {
        app = App.with(REDIS.url())
                .on("/a", (request, response) -> {
                    if (request.getDispatcherType() == DispatcherType.ASYNC) {
                        answer(request, response, "a");
                    } else {
                        request.getSession().setAttribute("a", 1);
                        request.getRequestDispatcher("/b?x=forwarded").forward(request, response);
                    }
                })
                .on("/b", AsyncCycleTest::target)
                .on("/original", (request, response) -> {
                    AsyncContext cycle = request.startAsync();
                    boolean same = request.getAsyncContext() == cycle
                            && cycle.getRequest() == request
                            && cycle.getResponse() == response;
                    response.getWriter().print(cycle.hasOriginalRequestAndResponse() + " " + same);
                    cycle.complete();
                })
                .on("/wrapped", (request, response) -> {
                    AsyncContext cycle = request.startAsync(new HttpServletRequestWrapper(request), response);
                    boolean same = request.getAsyncContext() == cycle
                            && cycle.getRequest() instanceof ServletRequestWrapper wrapper
                            && wrapper.getRequest() == request;
                    response.getWriter().print(cycle.hasOriginalRequestAndResponse() + " " + same);
                    cycle.complete();
                })
                .on("/listen", (request, response) -> {
                    AsyncContext cycle = request.startAsync();
                    request.getSession().setAttribute("a", 1);
                    cycle.addListener(new Listener());
                    cycle.start(() -> {
                        ((HttpServletRequest) cycle.getRequest()).getSession().setAttribute("b", 2);
                        cycle.complete();
                    });
                })
                .on("/late", (request, response) -> {
                    AsyncContext cycle = request.startAsync();
                    cycle.start(() -> {
                        ((HttpServletRequest) cycle.getRequest()).getSession().setAttribute("b", "late");
                        cycle.complete();
                    });
                })
                .on("/all", (request, response) -> answer(request, response, "all"))
                .start();
    }

    private static void target(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getDispatcherType() == DispatcherType.ASYNC) {
            answer(request, response, "b");
            return;
        }
        request.getSession().setAttribute("b", 2);
        if (request.getParameter("given") == null) {
            request.startAsync().dispatch();
        } else {
            request.startAsync(request, response).dispatch();
        }
    }

    private static void answer(HttpServletRequest request, HttpServletResponse response, String name)
            throws IOException {
        response.getWriter()
                .print(name + " " + request.getParameter("x") + " "
                        + request.getSession().getAttribute("a") + " "
                        + request.getSession().getAttribute("b"));
    }

    private static final class Listener implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {
            HttpServletRequest request =
                    (HttpServletRequest) event.getAsyncContext().getRequest();
            EVENTS.add(request.getSession().getAttribute("a") + " "
                    + (event.getSuppliedRequest() == null || event.getSuppliedRequest() == request));
        }

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @Test
    void afterAForwardADispatchGoesToTheOriginalRequestWithItsParameters() {
        assertThat(browser.get(app.url("/a")).body()).isEqualTo("a null 1 2");
        assertThat(browser.get(app.url("/a?x=own")).body()).isEqualTo("a own 1 2");
        assertThat(browser.get(app.url("/all")).body()).isEqualTo("all null 1 2");
    }

    @Test
    void afterAForwardADispatchOfAGivenRequestGoesToItsPath() {
        assertThat(browser.get(app.url("/a?given")).body()).isEqualTo("b forwarded 1 2");
        assertThat(browser.get(app.url("/all")).body()).isEqualTo("all null 1 2");
    }

    @Test
    void everyCallReturnsTheSameCycle() {
        assertThat(browser.get(app.url("/original")).body()).isEqualTo("true true");
        assertThat(browser.get(app.url("/wrapped")).body()).isEqualTo("false true");
    }

    @Test
    void listenersGetTheRequestOfTheApplication() throws InterruptedException {
        browser.get(app.url("/listen"));
        assertThat(EVENTS.take()).isEqualTo("1 true");
        assertThat(browser.get(app.url("/all")).body()).isEqualTo("all null 1 2");
    }

    @Test
    void aSessionCreatedByATaskGetsItsCookieWhenTheCycleCompletes() {
        Answer answer = browser.get(app.url("/late"));
        assertThat(answer.setCookies()).hasSize(1);
        assertThat(browser.get(app.url("/all")).body()).isEqualTo("all null null late");
    }
}
