package io.gatehouse.internal.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpSession;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.eclipse.jetty.security.authentication.FormAuthenticator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What applications see of a Jetty that uses the sessions of Gatehouse, compared with the filter alone. */
@RedisTest
@ParameterizedClass
@EnumSource
class JettyContainerModeTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private final JettyContext.Version version;
    private final Browser browser = new Browser();

    JettyContainerModeTest(JettyContext.Version version) {
        this.version = version;
    }

    private JettyApp.Builder form() {
        return JettyUsers.form(version, REDIS.url());
    }

    private static String logIn(Browser browser, JettyApp app) {
        browser.get(app.url("/member/who"));
        browser.post(app.url("/j_security_check"), "j_username=alice&j_password=alice");
        return browser.get(app.url("/member/who")).body();
    }

    /** Returns the number of round trips of each request. */
    private List<Integer> roundTrips(String integration, String... requests) {
        List<Integer> counts = new ArrayList<>();
        try (CountingProxy proxy = new CountingProxy(REDIS.port());
                JettyApp app = JettyUsers.form(version, proxy.url())
                        .set("GATEHOUSE_SESSION_INTEGRATION", integration)
                        .start()) {
            for (int i = 0; i < 2; i++) { // first so that Redis knows all scripts
                Browser fresh = new Browser();
                counts.clear();
                for (String request : requests) {
                    int unused = proxy.takeRoundTrips();
                    if (request.contains("?")) {
                        fresh.post(
                                app.url(request.substring(0, request.indexOf('?'))),
                                request.substring(request.indexOf('?') + 1));
                    } else {
                        fresh.get(app.url(request));
                    }
                    counts.add(proxy.takeRoundTrips());
                }
            }
        }
        return counts;
    }

    @Test
    void sessionsCostAsManyRoundTripsAsWithTheFilter() {
        String[] requests = {"/who", "/make", "/who", "/cart", "/make", "/none.txt", "/invalidate", "/who"};
        assertThat(roundTrips("container", requests))
                .isEqualTo(roundTrips("filter", requests))
                .containsExactly(0, 1, 1, 1, 1, 1, 2, 0);
    }

    @Test
    void aLoginByFormCostsOneRoundTripForEachReadAndWrite() {
        assertThat(roundTrips(
                        "container",
                        "/member/who",
                        "/j_security_check?j_username=alice&j_password=alice",
                        "/member/who",
                        "/member/who",
                        "/logout"))
                .containsExactly(1, 3, 2, 1, 2);
    }

    @Test
    void aSessionContinuesInTheOtherMode() {
        try (JettyApp filter =
                        form().set("GATEHOUSE_SESSION_INTEGRATION", "filter").start();
                JettyApp container = form().start()) {
            browser.get(filter.url("/make"));
            assertThat(browser.get(container.url("/cart")).body()).isEqualTo("apples");
            assertThat(logIn(browser, container)).startsWith("alice");
            browser.get(filter.url("/logout"));
            assertThat(browser.get(container.url("/who")).body()).isEqualTo("null true");
        }
    }

    @Test
    void theUserOfAnotherRealmOrApplicationIsUnknown() {
        try (JettyApp one = form().set("GATEHOUSE_APPLICATION", "shop").start();
                JettyApp otherRealm = form().set("GATEHOUSE_APPLICATION", "shop")
                        .customize(context -> context.security(JettyUsers.security(
                                new JettyUsers.Everybody("guests"),
                                new FormAuthenticator("/login-page", "/login-error", false))))
                        .start();
                JettyApp otherPath = form().path("/second")
                        .set("GATEHOUSE_APPLICATION", "shop")
                        .start();
                JettyApp otherApplication =
                        form().set("GATEHOUSE_APPLICATION", "library").start()) {
            assertThat(logIn(browser, one)).startsWith("alice");
            Browser copy = new Browser().withCookie("sid", browser.token());
            assertThat(copy.get(otherRealm.url("/who")).body()).isEqualTo("null true");
            assertThat(copy.get(otherPath.url("/who")).body()).isEqualTo("null true");
            assertThat(copy.get(otherApplication.url("/who")).body()).isEqualTo("null false");
            assertThat(copy.get(one.url("/who")).body()).isEqualTo("alice true");
        }
    }

    @Test
    void theApplicationNeitherSeesNorSetsWhatTheContainerRemembers() {
        try (JettyApp app = form().on("/names", (request, response) -> {
                    HttpSession session = request.getSession();
                    response.getWriter()
                            .print(Collections.list(session.getAttributeNames()) + " "
                                    + session.getAttribute("io.gatehouse.container.jetty.user"));
                })
                .on("/forge", (request, response) -> {
                    try {
                        request.getSession().setAttribute("io.gatehouse.container.jetty.user", "1");
                    } catch (IllegalArgumentException e) {
                        response.getWriter().print(e.getMessage());
                    }
                })
                .start()) {
            logIn(browser, app);
            assertThat(browser.get(app.url("/names")).body())
                    .isEqualTo("[io.gatehouse.principal, io.gatehouse.user] null");
            assertThat(browser.get(app.url("/forge")).body()).contains("reserved for the container");
        }
    }

    @Test
    void excludedPathsHaveTheUserAsWell() {
        try (JettyApp app = form().set("GATEHOUSE_FILTER_EXCLUDE", "/member/plain")
                .on(
                        "/member/plain",
                        (request, response) -> response.getWriter()
                                .print(request.getRemoteUser() + " "
                                        + request.getSession().getAttribute("cart")))
                .start()) {
            browser.get(app.url("/make"));
            assertThat(browser.get(app.url("/member/plain")).header("location")).isEqualTo("/login-page");
            browser.post(app.url("/j_security_check"), "j_username=alice&j_password=alice");
            assertThat(browser.get(app.url("/member/plain")).body()).isEqualTo("alice apples");
        }
    }

    @Test
    void anExcludedPathMayCreateASession() {
        try (JettyApp app = form().set("GATEHOUSE_FILTER_EXCLUDE", "/plain")
                .on("/plain", (request, response) -> {
                    request.getSession().setAttribute("cart", "apples");
                    response.getWriter().print(request.getSession(false) != null);
                })
                .start()) {
            Browser.Answer made = browser.get(app.url("/plain"));
            assertThat(made.body()).isEqualTo("true");
            assertThat(made.setCookies()).singleElement().asString().startsWith("sid=");
            assertThat(browser.get(app.url("/cart")).body()).isEqualTo("apples");
        }
    }

    @Test
    void anAsynchronousRequestKeepsItsUser() {
        try (JettyApp app = form().on("/member/async", (request, response) -> {
                    if (request.getDispatcherType() == DispatcherType.REQUEST) {
                        request.startAsync().dispatch("/member/who");
                    }
                })
                .start()) {
            logIn(browser, app);
            assertThat(browser.get(app.url("/member/async")).body()).startsWith("alice true");
        }
    }

    /** Jetty sends the error page before its handlers return. */
    @Test
    void aFailedRequestHasSavedItsSession() {
        try (JettyApp app = form().on("/fail", (request, response) -> {
                    request.getSession().setAttribute("cart", "plums");
                    throw new IllegalStateException("broken");
                })
                .on("/missing", (request, response) -> {
                    request.getSession().setAttribute("cart", "pears");
                    response.sendError(404);
                })
                .start()) {
            Browser.Answer failed = browser.get(app.url("/fail"));
            assertThat(failed.status()).isEqualTo(500);
            assertThat(failed.setCookies()).singleElement().asString().startsWith("sid=");
            assertThat(browser.get(app.url("/cart")).body()).isEqualTo("plums");
            assertThat(browser.get(app.url("/missing")).status()).isEqualTo(404);
            assertThat(browser.get(app.url("/cart")).body()).isEqualTo("pears");
            assertThat(browser.get(app.url("/none.txt")).status()).isEqualTo(404);
        }
    }

    @Test
    void withoutRedisRequestsAreAnswered503() {
        try (CountingProxy proxy = new CountingProxy(REDIS.port());
                JettyApp app = JettyUsers.form(version, proxy.url()).start()) {
            assertThat(logIn(browser, app)).startsWith("alice");
            proxy.fault(CountingProxy.Fault.CUTTING);
            Browser.Answer answer = browser.get(app.url("/member/who"));
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("retry-after")).isNotNull();
            assertThat(new Browser().get(app.url("/member/who")).status()).isEqualTo(503);
            assertThat(new Browser().get(app.url("/who")).body()).isEqualTo("null false");
        }
    }
}
