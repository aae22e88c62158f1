package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.gatehouse.internal.session.Session;
import io.gatehouse.login.LoginDecision;
import io.gatehouse.session.Authentication;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Protection of accounts against password guessing, over HTTP. */
@RedisTest
public class LoginAttemptTrackerTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private static App.Builder guarded() {
        return guarded(REDIS.url());
    }

    public static App.Builder guarded(String url) {
        return App.with(url)
                .set("GATEHOUSE_LOGIN_FORMS", "/login user, /broken user, /named user, /token user")
                .set("GATEHOUSE_TRUSTED_PROXIES", "127.0.0.1")
                .on("/login", (request, response) -> {
                    if ("right".equals(request.getParameter("password"))) {
                        request.getSession().setAttribute(Session.USER_ATTRIBUTE, request.getParameter("user"));
                        response.sendRedirect("account");
                    } else {
                        response.getWriter().print("wrong"); // with status 200, as many applications do
                    }
                })
                .on("/api/login", (request, response) -> {
                    LoginDecision entry = Authentication.attempt(request, request.getHeader("X-Account"));
                    if (entry instanceof LoginDecision.Denied) {
                        response.setStatus(423);
                    } else if (entry instanceof LoginDecision.Allowed allowed
                            && "right".equals(request.getHeader("X-Password"))) {
                        String device = allowed.attempt().succeeded();
                        response.getWriter().print(device == null ? "known" : "new");
                    } else {
                        response.setStatus(401);
                    }
                })
                .on("/broken", (request, response) -> {
                    switch (request.getParameter("by")) {
                        case "error" -> throw new StackOverflowError();
                        case "status" -> response.setStatus(503);
                        case "client" -> throw new IOException("Broken pipe");
                        case "committed" -> {
                            response.flushBuffer();
                            throw new IllegalStateException("after the response");
                        }
                        default -> throw new IllegalStateException("the database is unavailable");
                    }
                })
                .on("/token", (request, response) -> {
                    if ("right".equals(request.getParameter("password"))) {
                        Authentication.succeeded(request, request.getParameter("user"));
                    }
                })
                .on("/named", (request, response) -> {
                    request.setCharacterEncoding("UTF-8"); // too late, the account has been read
                    response.setCharacterEncoding("UTF-8");
                    response.getWriter().print(request.getParameter("town"));
                });
    }

    public static Browser.Answer logIn(App app, Browser browser, String address, String user, String password) {
        return browser.send(HttpRequest.newBuilder(URI.create(app.url("/login")))
                .header("X-Forwarded-For", address)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("user=" + user + "&password=" + password)));
    }

    @Test
    void locksAnAccountAfterFiveFailuresFromAnyAddress() {
        try (App app = guarded().start()) {
            for (int i = 0; i < 5; i++) {
                Browser.Answer wrong = logIn(app, new Browser(), "203.0.113." + i, "alice", "wrong");
                assertThat(wrong.body()).isEqualTo("wrong");
            }
            Browser.Answer locked = logIn(app, new Browser(), "198.51.100.1", "alice", "right");
            assertThat(locked.status()).isEqualTo(429);
            assertThat(locked.body()).contains("abnormal-usage-detected");
            assertThat(Long.parseLong(locked.header("Retry-After"))).isBetween(1L, 30L);
            assertThat(logIn(app, new Browser(), "198.51.100.1", "bob", "right").status())
                    .isEqualTo(302);
        }
    }

    @Test
    void aKnownBrowserIsNotLockedOutByFailuresOfOthers() {
        try (App app = guarded().start()) {
            Browser owner = new Browser();
            assertThat(logIn(app, owner, "198.51.100.1", "alice", "right").setCookies())
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("sid-device=v2.")
                            .contains("Max-Age=15552000")
                            .contains("HttpOnly")
                            .contains("SameSite=Lax"));
            for (int i = 0; i < 8; i++) {
                Browser.Answer unused = logIn(app, new Browser(), "203.0.113." + i, "alice", "wrong");
            }
            assertThat(logIn(app, new Browser(), "198.51.100.1", "alice", "right")
                            .status())
                    .isEqualTo(429);
            Browser.Answer again = logIn(app, owner, "198.51.100.1", "alice", "right");
            assertThat(again.status()).isEqualTo(302);
            assertThat(again.setCookies())
                    .as("its cookie is still valid")
                    .noneMatch(line -> line.startsWith("sid-device"));
        }
    }

    @Test
    void aLoggedInUserWhoGuessesAnotherAccountHasNotSucceeded() {
        try (App app = guarded().start()) {
            Browser mallory = new Browser();
            assertThat(logIn(app, mallory, "203.0.113.1", "mallory", "right").status())
                    .isEqualTo(302);
            for (int i = 0; i < 5; i++) {
                Browser.Answer wrong = logIn(app, mallory, "203.0.113.1", "alice", "wrong");
                assertThat(wrong.setCookies()).noneMatch(line -> line.startsWith("sid-device"));
            }
            assertThat(logIn(app, mallory, "203.0.113.1", "alice", "right").status())
                    .isEqualTo(429);
        }
    }

    @Test
    void readsTheFieldsInUtf8UnlessTheRequestNamesAnotherCharset() {
        try (App app = guarded().start()) {
            assertThat(new Browser()
                            .post(app.url("/named"), "user=alice&town=M%C3%BCnchen")
                            .body())
                    .isEqualTo("M\u00fcnchen");
            HttpRequest.Builder latin1 = HttpRequest.newBuilder(URI.create(app.url("/named")))
                    .header("Content-Type", "application/x-www-form-urlencoded; charset=ISO-8859-1")
                    .POST(HttpRequest.BodyPublishers.ofString("user=alice&town=M%FCnchen"));
            assertThat(new Browser().send(latin1).body()).isEqualTo("M\u00fcnchen");
        }
    }

    @Test
    void anApplicationCanStartAndCompleteAttempts() {
        try (App app = guarded().start()) {
            Browser owner = new Browser();
            assertThat(call(app, owner, "right").body()).isEqualTo("new");
            for (int i = 0; i < 5; i++) {
                assertThat(call(app, new Browser(), "wrong").status()).isEqualTo(401);
            }
            assertThat(call(app, new Browser(), "right").status()).isEqualTo(423);
        }
    }

    private static Browser.Answer call(App app, Browser browser, String password) {
        return browser.send(HttpRequest.newBuilder(URI.create(app.url("/api/login")))
                .header("X-Account", "alice")
                .header("X-Password", password)
                .GET());
    }

    @Test
    void aLoginTakesOneRoundTripToCheckAndOneToComplete() {
        try (CountingProxy proxy = new CountingProxy(REDIS.port());
                App app = guarded(proxy.url())
                        .set("REDIS_HEALTH_CHECK_INTERVAL", "3600")
                        .start()) {
            Browser.Answer unused = logIn(app, new Browser(), "203.0.113.9", "alice", "wrong");
            unused = logIn(app, new Browser(), "203.0.113.9", "alice", "right");
            proxy.takeRoundTrips();
            unused = logIn(app, new Browser(), "203.0.113.9", "alice", "wrong");
            assertThat(proxy.takeRoundTrips()).as("a failure").isEqualTo(2);
            unused = logIn(app, new Browser(), "203.0.113.9", "alice", "right");
            assertThat(proxy.takeRoundTrips())
                    .as("a success, with the new session")
                    .isEqualTo(3);
        }
    }

    @Test
    void aLoginAfterTheResponseWasSentHasFailed() {
        try (App app = guarded()
                .set("GATEHOUSE_LOGIN_FORMS", "/slow user")
                .on("/slow", (request, response) -> {
                    Object unused = request.getSession();
                    response.getWriter().print("wait");
                    response.flushBuffer();
                    assertThatIllegalStateException()
                            .isThrownBy(() -> request.getSession()
                                    .setAttribute(Session.USER_ATTRIBUTE, request.getParameter("user")));
                })
                .start()) {
            Browser.Answer answer = new Browser().post(app.url("/slow"), "user=alice");
            assertThat(answer.body()).isEqualTo("wait");
            Eventually.holds(
                    "the attempt is complete",
                    Duration.ofSeconds(10),
                    () -> app.gatehouse().loginGuard().inspect("alice").failures() == 1);
        }
    }

    @Test
    void aRequestThatTheApplicationDoesNotSeeIsNotAnAttempt() {
        try (TestRedis sessions = TestRedis.start();
                App app = guarded()
                        .set("REDIS_SESSION_URL", sessions.url())
                        .set("GATEHOUSE_RATE_LIMITS", "a.level = ip\na.limit = sliding 3/hour\na.counts = failures 503")
                        .start()) {
            Browser alice = new Browser();
            assertThat(logIn(app, alice, "203.0.113.1", "alice", "right").status())
                    .isEqualTo(302);
            sessions.process().close();
            for (int i = 0; i < 6; i++) {
                assertThat(logIn(app, alice, "203.0.113.1", "alice", "wrong").status())
                        .isEqualTo(503);
            }
            assertThat(app.gatehouse().loginGuard().inspect("alice").failures()).isZero();
        }
    }

    @Test
    void parsesAFormFromItsPathAndField() {
        assertThat(LoginForm.parse("/login  username").field()).isEqualTo("username");
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> LoginForm.parse("/login"))
                .hasMessage("a path and the name of a field, such as /login username");
    }
}
