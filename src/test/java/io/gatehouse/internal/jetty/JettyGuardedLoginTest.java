package io.gatehouse.internal.jetty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser;
import io.gatehouse.testing.DigestClient;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.http.HttpSessionIdListener;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.security.UserPrincipal;
import org.eclipse.jetty.security.authentication.FormAuthenticator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Rate limits and login protection in front of Jetty's authentication, and logins with each request. */
@RedisTest
@ParameterizedClass
@EnumSource
class JettyGuardedLoginTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private final JettyContext.Version version;
    private final Browser browser = new Browser();

    /** The accounts that the login service was asked for. */
    private final List<String> verified = new CopyOnWriteArrayList<>();

    JettyGuardedLoginTest(JettyContext.Version version) {
        this.version = version;
    }

    @BeforeEach
    void forgetFailures() {
        REDIS.flush();
    }

    private JettyApp.Builder form() {
        return JettyUsers.form(version, REDIS.url())
                .set("GATEHOUSE_LOGIN_FREE_FAILURES", "2")
                .customize(context -> context.security(JettyUsers.security(
                        new JettyUsers.Everybody(JettyUsers.REALM) {
                            @Override
                            protected UserPrincipal loadUserInfo(String user) {
                                verified.add(user);
                                return super.loadUserInfo(user);
                            }
                        },
                        new FormAuthenticator("/login-page", "/login-error", false))));
    }

    private Browser.Answer logIn(JettyApp app, String path, String user, String password) {
        return browser.post(app.url(path), "j_username=" + user + "&j_password=" + password);
    }

    private Browser.Answer logIn(JettyApp app, String user, String password) {
        return logIn(app, "/j_security_check", user, password);
    }

    private static HttpRequest.Builder basic(JettyApp app, String path, String user, String password) {
        String credentials = Base64.getEncoder().encodeToString((user + ':' + password).getBytes(UTF_8));
        return HttpRequest.newBuilder(URI.create(app.url(path))).header("Authorization", "Basic " + credentials);
    }

    @Test
    void failedLoginsAreCountedAndLockedOutUnseenByJetty() {
        try (JettyApp app = form().start()) {
            browser.get(app.url("/member/who"));
            for (int i = 0; i < 2; i++) {
                assertThat(logIn(app, "alice", "wrong").header("location")).isEqualTo("/login-error");
            }
            verified.clear();
            Browser.Answer locked = logIn(app, "alice", "alice");
            assertThat(locked.status()).isEqualTo(429);
            assertThat(locked.body()).contains("abnormal-usage");
            assertThat(locked.header("content-type")).startsWith("application/problem+json");
            assertThat(verified).isEmpty();
            assertThat(browser.get(app.url("/who")).body()).isEqualTo("null true");
            assertThat(logIn(app, "bob", "bob").header("location")).isEqualTo("/member/who");
        }
    }

    /** Jetty takes any path below the form for the form. */
    @Test
    void aPathBelowTheFormIsALoginAsWell() {
        try (JettyApp app = form().set("GATEHOUSE_FILTER_EXCLUDE", "/open/*").start()) {
            for (String path : new String[] {"/j_security_check/more", "/open/j_security_check"}) {
                assertThat(logIn(app, path, "alice", "wrong").header("location"))
                        .as(path)
                        .isEqualTo("/login-error");
            }
            verified.clear();
            for (String path : new String[] {"/j_security_check/more", "/open/j_security_check/more;x=y"}) {
                assertThat(logIn(app, path, "alice", "alice").status()).as(path).isEqualTo(429);
            }
            assertThat(verified).isEmpty();
        }
    }

    @Test
    void aSuccessfulLoginIsNoFailure() {
        try (JettyApp app = form().start()) {
            for (int i = 0; i < 4; i++) {
                Browser another = new Browser();
                another.get(app.url("/member/who"));
                assertThat(another.post(app.url("/j_security_check"), "j_username=alice&j_password=alice")
                                .header("location"))
                        .isEqualTo("/member/who");
            }
        }
    }

    @Test
    void theLoginFormIsRateLimited() {
        try (JettyApp app = form().set(
                        "GATEHOUSE_RATE_LIMITS",
                        "logins.match = /j_security_check\nlogins.level = ip\nlogins.limit = 2/hour")
                .start()) {
            for (int i = 0; i < 2; i++) {
                assertThat(logIn(app, "alice" + i, "wrong").header("location")).isEqualTo("/login-error");
            }
            verified.clear();
            assertThat(logIn(app, "carol", "carol").status()).isEqualTo(429);
            assertThat(verified).isEmpty();
        }
    }

    @Test
    void anErrorOfTheGuardGetsTheErrorPageOfTheApplication() {
        try (JettyApp app = form().set("GATEHOUSE_LOGIN_FORMS", "/rest/login user")
                .on("/rest/login", (request, response) -> response.getWriter().print("in"))
                .on(
                        "/oops",
                        (request, response) -> response.getWriter()
                                .print("oops " + response.getStatus() + " " + request.getDispatcherType()))
                .customize(context -> context.errorPage(413, "/oops"))
                .start()) {
            Browser.Answer refused = browser.post(app.url("/rest/login"), "user=" + "x".repeat(2_000_000));
            assertThat(refused.status()).isEqualTo(413);
            assertThat(refused.body()).isEqualTo("oops 413 ERROR");
            assertThat(browser.post(app.url("/rest/login"), "user=alice").body())
                    .isEqualTo("in");
        }
    }

    @Test
    void aUserOfBasicKeepsTheIdOfTheSessionAfterTheFirstRequest() {
        try (JettyApp one = JettyUsers.basic(version, REDIS.url()).start();
                JettyApp two = JettyUsers.basic(version, REDIS.url()).start()) {
            browser.get(one.url("/make"));
            String before = browser.token();
            assertThat(browser.send(basic(one, "/member/who", "alice", "alice")).body())
                    .isEqualTo("alice true false BASIC");
            String after = browser.token();
            assertThat(after).isNotEqualTo(before);
            assertThat(browser.send(basic(two, "/cart", "alice", "alice")).body())
                    .isEqualTo("apples");
            assertThat(browser.send(basic(two, "/member/who", "alice", "alice")).body())
                    .startsWith("alice");
            assertThat(browser.token()).isEqualTo(after);
            assertThat(browser.send(basic(two, "/member/who", "bob", "bob")).body())
                    .startsWith("bob");
            assertThat(browser.token()).isNotEqualTo(after);
            assertThat(new Browser()
                            .withCookie("sid", before)
                            .get(two.url("/cart"))
                            .body())
                    .isEqualTo("no session");
        }
    }

    @Test
    void basicWithoutASessionCreatesNone() {
        try (JettyApp app = JettyUsers.basic(version, REDIS.url()).start()) {
            Browser.Answer answer = browser.send(basic(app, "/member/who", "alice", "alice"));
            assertThat(answer.body()).startsWith("alice");
            assertThat(answer.setCookies()).noneMatch(cookie -> cookie.startsWith("sid="));
        }
    }

    @Test
    void failuresOfBasicAreCountedAndLockedOutUnseenByJetty() {
        try (JettyApp app = JettyUsers.basic(version, REDIS.url())
                .set("GATEHOUSE_LOGIN_FREE_FAILURES", "2")
                .start()) {
            for (int i = 0; i < 2; i++) {
                Browser.Answer wrong = browser.send(basic(app, "/member/who", "alice", "no"));
                assertThat(wrong.status()).isEqualTo(401);
                assertThat(wrong.header("www-authenticate")).startsWith("Basic");
            }
            assertThat(browser.send(basic(app, "/member/who", "alice", "alice")).status())
                    .isEqualTo(429);
            assertThat(browser.send(basic(app, "/member/who", "bob", "bob")).status())
                    .isEqualTo(200);
        }
    }

    /** Each node remembers its own nonces, so it asks a client that comes from another node once more. That is no failed login. */
    @Test
    void digestAsksAgainOnTheOtherNodeWithoutCountingAFailure() {
        try (JettyApp one = JettyUsers.digest(version, REDIS.url())
                        .set("GATEHOUSE_LOGIN_FREE_FAILURES", "1")
                        .start();
                JettyApp two = JettyUsers.digest(version, REDIS.url())
                        .set("GATEHOUSE_LOGIN_FREE_FAILURES", "1")
                        .start()) {
            String challenge = DigestClient.challenge(browser.get(one.url("/member/who")));
            for (int i = 1; i <= 3; i++) {
                assertThat(browser.send(DigestClient.request(one.url("/member/who"), challenge, i))
                                .body())
                        .startsWith("alice true");
                Browser.Answer elsewhere = browser.send(DigestClient.request(two.url("/member/who"), challenge, i));
                assertThat(elsewhere.status()).isEqualTo(401);
                assertThat(DigestClient.challenge(elsewhere)).contains("stale=true");
                assertThat(browser.send(DigestClient.request(
                                        two.url("/member/who"), DigestClient.challenge(elsewhere), 1))
                                .body())
                        .startsWith("alice true");
            }
        }
    }

    /** Roles are known only after the authentication. */
    @Test
    void rulesThatDependOnRolesAreCheckedAfterTheLogin() {
        try (JettyApp app = JettyUsers.basic(version, REDIS.url())
                .set("GATEHOUSE_RATE_LIMITS", """
                        all.level = ip
                        all.limit = 100/hour
                        boss.when = role:boss
                        boss.level = ip
                        boss.limit = 2/hour""")
                .start()) {
            for (int i = 0; i < 2; i++) {
                assertThat(browser.send(basic(app, "/member/who", "root", "root"))
                                .header("RateLimit"))
                        .contains("all", "boss");
            }
            assertThat(browser.send(basic(app, "/member/who", "root", "root")).status())
                    .isEqualTo(429);
            assertThat(browser.send(basic(app, "/member/who", "alice", "alice")).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void releasesTheSessionWhateverAListenerThrowsAtTheLogin() {
        HttpSessionIdListener listener = (event, before) -> {
            throw new AssertionError("a broken listener");
        };
        try (JettyApp app = JettyUsers.basic(version, REDIS.url())
                .customize(context -> context.initializer((classes, application) -> application.addListener(listener)))
                .start()) {
            browser.get(app.url("/make"));
            assertThat(browser.send(basic(app, "/member/who", "alice", "alice")).status())
                    .isEqualTo(500);
            Eventually.holds(
                    "the session is released",
                    Duration.ofSeconds(10),
                    () -> app.gatehouse().sessions().inUse() == 0);
        }
    }
}
