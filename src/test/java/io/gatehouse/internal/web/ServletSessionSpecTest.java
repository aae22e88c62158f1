package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Browser.Answer;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.ServletRequestAttributeEvent;
import jakarta.servlet.ServletRequestAttributeListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Collections;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requirements of the Servlet specification for sessions (6.1, chapter 7) that are easily missed. */
@RedisTest
class ServletSessionSpecTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private static final Queue<String> NOTIFIED = new ConcurrentLinkedQueue<>();

    private final Browser browser = new Browser();
    private final App app = start();

    @AfterEach
    void end() {
        app.close();
    }

    private static App start() {
        return App.with(REDIS.url())
                .on("/times", (request, response) -> {
                    HttpSession session = request.getSession();
                    say(response, session.getCreationTime() + " " + session.getLastAccessedTime());
                })
                .on("/quiet", (request, response) -> {})
                .on("/new", (request, response) -> {
                    boolean before = request.getSession().isNew();
                    say(response, before + " " + request.getSession().isNew());
                })
                .on("/new-forwarded", (request, response) -> {
                    request.getSession();
                    request.getRequestDispatcher("/new").forward(request, response);
                })
                .on("/interval", (request, response) -> {
                    String wanted = request.getParameter("seconds");
                    HttpSession session = request.getSession();
                    if (wanted != null) {
                        session.setMaxInactiveInterval(Integer.parseInt(wanted));
                    }
                    say(response, "" + session.getMaxInactiveInterval());
                })
                .on("/again", ServletSessionSpecTest::endAndBeginAgain)
                .on("/null", (request, response) -> {
                    HttpSession session = request.getSession();
                    session.setAttribute("a", 1);
                    session.setAttribute("a", null);
                    say(response, "" + session.getAttributeNames().hasMoreElements());
                })
                .on("/urls", (request, response) -> {
                    request.getSession();
                    say(response, response.encodeURL("/x") + " " + response.encodeRedirectURL("/y?z"));
                })
                .on("/not-modified", (request, response) -> {
                    request.getSession().setAttribute("seen", true);
                    response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
                })
                .on(
                        "/seen",
                        (request, response) ->
                                say(response, "" + request.getSession().getAttribute("seen")))
                .on(
                        "/requested",
                        (request, response) -> say(
                                response,
                                request.getRequestedSessionId() + " " + request.isRequestedSessionIdValid() + " "
                                        + request.isRequestedSessionIdFromCookie() + " "
                                        + request.isRequestedSessionIdFromURL()))
                .on("/attributes", (request, response) -> {
                    request.setAttribute("theirs", 1);
                    request.getSession();
                    request.getRequestDispatcher("/attribute-names").forward(request, response);
                })
                .on(
                        "/attribute-names",
                        (request, response) -> say(response, "" + Collections.list(request.getAttributeNames())))
                .on("/asynchronous", (request, response) -> request.startAsync().dispatch("/attribute-names"))
                .customize(context -> context.addServletContainerInitializer(
                        (classes, application) -> application.addListener(new NameRecorder()), null))
                .start();
    }

    /** The names of the attributes that the listeners of the application are notified of. */
    private static final class NameRecorder implements ServletRequestAttributeListener {
        @Override
        public void attributeAdded(ServletRequestAttributeEvent event) {
            NOTIFIED.add(event.getName());
        }
    }

    private static void endAndBeginAgain(HttpServletRequest request, HttpServletResponse response)
            throws java.io.IOException {
        HttpSession first = request.getSession();
        first.setAttribute("a", 1);
        first.invalidate();
        boolean none = request.getSession(false) == null;
        boolean invalid = !request.isRequestedSessionIdValid();
        HttpSession second = request.getSession();
        say(
                response,
                none + " " + invalid + " " + second.isNew() + " " + second.getAttribute("a") + " "
                        + first.getId().equals(second.getId()));
    }

    private static void say(HttpServletResponse response, String text) throws java.io.IOException {
        response.getWriter().print(text);
    }

    private String ask(String path) {
        return browser.get(app.url(path)).body();
    }

    private long[] times() {
        String[] times = ask("/times").split(" ", -1);
        return new long[] {Long.parseLong(times[0]), Long.parseLong(times[1])};
    }

    @Test
    void theLastAccessIsThePreviousRequestOrTheCreation() {
        long[] first = times();
        assertThat(first[1]).isEqualTo(first[0]);
        Eventually.nextMillisecond();
        long between = System.currentTimeMillis();
        Eventually.nextMillisecond();
        long[] second = times();
        assertThat(second[0]).isEqualTo(first[0]);
        assertThat(second[1]).isBetween(first[0], between);
    }

    @Test
    void aRequestThatDoesNotUseTheSessionIsAnAccess() {
        times();
        Eventually.nextMillisecond();
        long before = System.currentTimeMillis();
        ask("/quiet");
        Eventually.nextMillisecond();
        assertThat(times()[1]).isGreaterThanOrEqualTo(before);
    }

    @Test
    void aSessionIsNewDuringItsFirstRequestOnly() {
        assertThat(ask("/new")).isEqualTo("true true");
        assertThat(ask("/new")).isEqualTo("false false");
        assertThat(new Browser().get(app.url("/new-forwarded")).body()).isEqualTo("true true");
    }

    @Test
    void zeroAndNegativeTimeoutsMeanNever() {
        assertThat(ask("/interval")).isEqualTo("1800");
        assertThat(ask("/interval?seconds=0")).isEqualTo("-1");
        assertThat(ask("/interval")).isEqualTo("-1");
        assertThat(ask("/interval?seconds=-7")).isEqualTo("-1");
        assertThat(ask("/interval?seconds=60")).isEqualTo("60");
        assertThat(ask("/interval")).isEqualTo("60");
    }

    @Test
    void aRequestCanCreateAnotherSessionAfterTheEnd() {
        ask("/new");
        String before = browser.token();
        Answer answer = browser.get(app.url("/again"));
        assertThat(answer.body()).isEqualTo("true true true null false");
        assertThat(answer.setCookies()).hasSize(1);
        assertThat(browser.token()).isNotEqualTo(before);
        assertThat(ask("/new")).isEqualTo("false false");
    }

    @Test
    void settingAnAttributeToNullRemovesIt() {
        assertThat(ask("/null")).isEqualTo("false");
    }

    @Test
    void encodedUrlsCarryNoSessionId() {
        assertThat(ask("/urls")).isEqualTo("/x /y?z");
        assertThat(ask("/urls")).isEqualTo("/x /y?z");
    }

    @Test
    void storesTheSessionOfAResponseWithoutABody() {
        assertThat(browser.get(app.url("/not-modified")).status()).isEqualTo(304);
        assertThat(ask("/seen")).isEqualTo("true");
    }

    @Test
    void aHeadRequestHasTheSameSession() {
        assertThat(ask("/new")).isEqualTo("true true");
        Answer head = browser.send(HttpRequest.newBuilder(URI.create(app.url("/new")))
                .method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.setCookies()).isEmpty();
    }

    @Test
    void reportsTheRequestedIdOfTheClientWithoutTrustingIt() {
        assertThat(ask("/requested")).isEqualTo("null false false false");
        Answer inUrl = browser.get(app.url("/requested;jsessionid=abc"));
        assertThat(inUrl.body()).isEqualTo("abc false false true");
        assertThat(inUrl.headers().toString()).doesNotContain("abc");
        assertThat(new Browser()
                        .withCookie("JSESSIONID", "abc")
                        .get(app.url("/requested"))
                        .body())
                .isEqualTo("abc false true false");
        assertThat(new Browser()
                        .withCookie("sid", "forged")
                        .get(app.url("/requested;jsessionid=abc"))
                        .body())
                .isEqualTo("forged false true false");
        ask("/new");
        assertThat(ask("/requested;jsessionid=abc"))
                .endsWith(" true true false")
                .doesNotContain("abc");
    }

    @Test
    void hidesTheRequestAttributesOfGatehouse() {
        ask("/new");
        NOTIFIED.clear();
        assertThat(ask("/attributes")).contains("theirs").doesNotContain("gatehouse");
        assertThat(NOTIFIED).contains("theirs").noneMatch(name -> name.startsWith("io.gatehouse"));
        assertThat(ask("/asynchronous")).doesNotContain("gatehouse");
    }
}
