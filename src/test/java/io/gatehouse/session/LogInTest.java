package io.gatehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.session.Session;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The effects of a login as a browser sees them. */
@RedisTest
class LogInTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private static App.Builder app() {
        return App.with(REDIS.url())
                .on("/look", (request, response) -> response.getWriter().print(request.getSession(false) != null))
                .on("/login", (request, response) -> {
                    request.getSession().setAttribute(Session.USER_ATTRIBUTE, "alice");
                    response.getWriter().print("welcome");
                })
                .on(
                        "/remember",
                        (request, response) -> request.getSession()
                                .setAttribute(Session.REMEMBER_ATTRIBUTE, request.getParameter("no") == null))
                .on("/valid", (request, response) -> response.getWriter().print(request.isRequestedSessionIdValid()))
                .on("/renew", (request, response) -> Authentication.of(request).renew(request))
                .on("/pay", (request, response) -> {
                    Authentication.of(request)
                            .requireRecentAuth(Duration.ofSeconds(Long.parseLong(request.getParameter("within"))));
                    response.getWriter().print("paid");
                });
    }

    @Test
    void aListShowsTheDeviceAndTheAddressOfALogin() {
        try (App app = app().start()) {
            new Browser()
                    .send(HttpRequest.newBuilder(URI.create(app.url("/login"))).header("User-Agent", "Lynx/2.9"));
            SessionInfo info =
                    app.gatehouse().sessionManager().getUserSessions("alice").get(0);
            assertThat(info.device()).isEqualTo("Lynx/2.9");
            assertThat(info.address()).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void theCookieOfARememberedSessionOutlivesTheBrowserUntilItIsForgotten() {
        try (App app = app().set("GATEHOUSE_SESSION_REMEMBER_TIMEOUT", "10d").start()) {
            Browser browser = new Browser();
            assertThat(browser.get(app.url("/login")).setCookies()).noneMatch(cookie -> cookie.contains("Max-Age"));
            assertThat(browser.get(app.url("/remember")).setCookies())
                    .singleElement()
                    .asString()
                    .matches(".*Max-Age=(863999|864000)\\b.*");
            assertThat(browser.get(app.url("/look")).body()).isEqualTo("true");
            assertThat(browser.get(app.url("/look")).setCookies()).isEmpty();
            assertThat(browser.get(app.url("/remember?no")).setCookies())
                    .singleElement()
                    .asString()
                    .doesNotContain("Max-Age");
        }
    }

    @Test
    void aRotatedTokenIsSentAgainUntilTheClientUsesIt() {
        try (App app = app().set("GATEHOUSE_SESSION_ROTATION_INTERVAL", "1ms").start()) {
            Browser browser = new Browser();
            browser.get(app.url("/login"));
            String old = browser.token();
            Eventually.nextMillisecond();
            assertThat(browser.get(app.url("/valid")).setCookies()).hasSize(1);
            String fresh = browser.token();
            assertThat(browser.get(app.url("/valid")).body()).isEqualTo("true"); // rotated again
            assertThat(fresh).isNotEqualTo(old);

            Browser late = new Browser().withCookie("sid", old); // the response with the new token was lost
            assertThat(late.get(app.url("/valid")).body()).isEqualTo("true");
            assertThat(late.token()).isNotEqualTo(old);
        }
    }

    @Test
    void aLoginBeyondTheLimitIsForbidden() {
        try (App app = app().set("GATEHOUSE_SESSION_LIMIT", "1")
                .set("GATEHOUSE_SESSION_LIMIT_ACTION", "deny")
                .start()) {
            Browser first = new Browser();
            assertThat(first.get(app.url("/login")).body()).isEqualTo("welcome");
            assertThat(first.get(app.url("/login")).status()).isEqualTo(200);
            Browser.Answer refused = new Browser().get(app.url("/login"));
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.setCookies()).isEmpty();
            assertThat(refused.header("Retry-After")).isNull();
        }
    }

    @Test
    void aSensitiveOperationRequiresARecentLogin() {
        try (App app = app().start()) {
            Browser browser = new Browser();
            assertThat(browser.get(app.url("/pay?within=60")).status()).isEqualTo(401);
            browser.get(app.url("/login"));
            assertThat(browser.get(app.url("/pay?within=60")).body()).isEqualTo("paid");
            Eventually.nextMillisecond();
            assertThat(browser.get(app.url("/pay?within=0")).status()).isEqualTo(401);
            String before = browser.token();
            assertThat(browser.get(app.url("/renew")).status()).isEqualTo(200);
            assertThat(browser.token()).isNotEqualTo(before);
            assertThat(browser.get(app.url("/pay?within=60")).body()).isEqualTo("paid");
        }
    }
}
