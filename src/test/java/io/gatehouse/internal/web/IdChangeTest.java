package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.App.Handler;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Browser.Answer;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A late change of the session id: either the cookie still reaches the client, or nothing changes. */
@RedisTest
class IdChangeTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static App app;

    /** Actions that finish a response for the application before Tomcat sends anything. */
    private static final Map<String, Handler> FINISHED = new LinkedHashMap<>();

    /** Actions that send the response. */
    private static final Map<String, Handler> SENT = new LinkedHashMap<>();

    static {
        FINISHED.put("nothing", (request, response) -> {});
        FINISHED.put("redirect", (request, response) -> response.sendRedirect("/elsewhere"));
        FINISHED.put("error", (request, response) -> response.sendError(418));
        FINISHED.put("error-page", (request, response) -> response.sendError(409));
        FINISHED.put(
                "forward",
                (request, response) -> request.getRequestDispatcher("/id").forward(request, response));
        FINISHED.put("not-modified", (request, response) -> response.setStatus(304));
        SENT.put("flush", (request, response) -> response.flushBuffer());
        SENT.put("close", (request, response) -> response.getWriter().close());
        SENT.put("much", (request, response) -> response.getOutputStream().write(new byte[100_000]));
    }

    private final Browser browser = new Browser();

    @BeforeAll
    static void start() {
        App.Builder builder = App.with(REDIS.url())
                .on("/id", (request, response) -> {
                    String id = request.getSession().getId();
                    response.getWriter().print(id);
                })
                .on("/seen", (request, response) -> {
                    boolean there = request.getSession(false) != null;
                    response.getWriter().print(there ? request.getSession().getAttribute("seen") : "no session");
                })
                .customize(context -> {
                    ErrorPage page = new ErrorPage();
                    page.setErrorCode(409);
                    page.setLocation("/id");
                    context.addErrorPage(page);
                });
        FINISHED.forEach((name, way) -> builder.on("/" + name, (request, response) -> {
            request.getSession();
            way.handle(request, response);
            request.changeSessionId();
            request.getSession().setAttribute("seen", name);
        }));
        SENT.forEach((name, way) -> builder.on("/" + name, (request, response) -> refused(way, request, response)));
        app = builder.start();
    }

    private static void refused(Handler way, HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        String before = request.getSession().getId();
        way.handle(request, response);
        String thrown = "nothing";
        try {
            request.changeSessionId();
        } catch (IllegalStateException e) {
            thrown = "thrown";
        }
        boolean same = request.getSession().getId().equals(before);
        request.getSession().setAttribute("seen", thrown + " " + same);
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    static Stream<String> finished() {
        return FINISHED.keySet().stream();
    }

    static Stream<String> sent() {
        return SENT.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("finished")
    void theNewIdReachesTheClientUnlessTheResponseWasSent(String way) {
        String id = browser.get(app.url("/id")).body();
        String before = browser.token();
        Answer answer = browser.get(app.url("/" + way));
        assertThat(answer.setCookies()).as("status %d", answer.status()).hasSize(1);
        assertThat(browser.token()).isNotEqualTo(before);
        assertThat(browser.get(app.url("/id")).body()).isNotEqualTo(id);
        assertThat(browser.get(app.url("/seen")).body()).isEqualTo(way);
        assertThat(new Browser().withCookie("sid", before).get(app.url("/seen")).body())
                .isEqualTo("no session");
    }

    @ParameterizedTest
    @MethodSource("finished")
    void changingTheIdOfANewSessionSetsOneCookie(String way) {
        Answer answer = browser.get(app.url("/" + way));
        assertThat(answer.setCookies()).as("status %d", answer.status()).hasSize(1);
        assertThat(browser.get(app.url("/seen")).body()).isEqualTo(way);
    }

    @ParameterizedTest
    @MethodSource("sent")
    void rejectsAChangeAfterTheResponseWasSent(String way) {
        String id = browser.get(app.url("/id")).body();
        assertThat(browser.get(app.url("/" + way)).setCookies()).isEmpty();
        assertThat(browser.get(app.url("/seen")).body()).isEqualTo("thrown true");
        assertThat(browser.get(app.url("/id")).body()).isEqualTo(id);
    }

    @Test
    void theNewIdReachesTheClientOfAHeadRequest() {
        browser.get(app.url("/id"));
        String before = browser.token();
        Answer head = browser.send(HttpRequest.newBuilder(URI.create(app.url("/nothing")))
                .method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertThat(head.setCookies()).hasSize(1);
        assertThat(browser.token()).isNotEqualTo(before);
        assertThat(browser.get(app.url("/seen")).body()).isEqualTo("nothing");
    }
}
