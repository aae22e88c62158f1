package io.gatehouse.internal.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.http.HttpSessionIdListener;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rate limits and login protection in front of Tomcat's authenticator. */
@RedisTest
class GuardedLoginTest {
    private static final TestRedis REDIS = TestRedis.shared();

    /** The accounts that the realm was asked for. */
    private final List<String> verified = new CopyOnWriteArrayList<>();

    private final Browser browser = new Browser();
    private App app = start("none");

    private App start(String limits) {
        return ServerUsers.form(REDIS.url())
                .set("GATEHOUSE_LOGIN_FREE_FAILURES", "2")
                .set("GATEHOUSE_RATE_LIMITS", limits)
                .customize(context -> context.setRealm(new ServerUsers.Everybody() {
                    @Override
                    protected String getPassword(String user) {
                        verified.add(user);
                        return super.getPassword(user);
                    }
                }))
                .start();
    }

    @BeforeEach
    void forgetFailures() {
        REDIS.flush();
    }

    @AfterEach
    void stop() {
        app.close();
    }

    private int logIn(String user, String password) {
        return browser.post(app.url("/j_security_check"), "j_username=" + user + "&j_password=" + password)
                .status();
    }

    @Test
    void failedLoginsAreCountedAndLockedOutUnseenByTheAuthenticator() {
        browser.get(app.url("/member/who"));
        for (int i = 0; i < 2; i++) {
            assertThat(logIn("alice", "wrong")).isEqualTo(200); // the error page
        }
        verified.clear();
        assertThat(logIn("alice", "alice")).isEqualTo(429);
        assertThat(verified).isEmpty();
        assertThat(browser.get(app.url("/member/who")).body()).isEqualTo("please log in");
        assertThat(logIn("bob", "bob")).isEqualTo(303);
    }

    @Test
    void aSuccessfulLoginIsNoFailure() {
        for (int i = 0; i < 4; i++) {
            Browser another = new Browser();
            another.get(app.url("/member/who"));
            assertThat(another.post(app.url("/j_security_check"), "j_username=alice&j_password=alice")
                            .status())
                    .isEqualTo(303);
        }
    }

    @Test
    void theLoginFormIsRateLimited() {
        app.close();
        app = start("logins.match = /j_security_check\nlogins.level = ip\nlogins.limit = 2/hour");
        browser.get(app.url("/member/who"));
        assertThat(logIn("alice", "wrong")).isEqualTo(200);
        assertThat(logIn("bob", "wrong")).isEqualTo(200);
        verified.clear();
        assertThat(logIn("carol", "carol")).isEqualTo(429);
        assertThat(verified).isEmpty();
    }

    /** FORM takes a password below any path. */
    @Test
    void anExcludedPathHidesNoLogin() {
        app.close();
        app = ServerUsers.form(REDIS.url())
                .set("GATEHOUSE_LOGIN_FREE_FAILURES", "1")
                .set("GATEHOUSE_FILTER_EXCLUDE", "/open/*")
                .start();
        browser.get(app.url("/member/who"));
        String form = "j_username=alice&j_password=wrong";
        assertThat(browser.post(app.url("/open/j_security_check"), form).status())
                .isEqualTo(200);
        assertThat(browser.post(app.url("/open/j_security_check"), form).status())
                .isEqualTo(429);
    }

    /** Roles are known only after the authenticator. */
    @Test
    void rulesThatDependOnRolesAreCheckedAfterTheLogin() {
        app.close();
        app = ServerUsers.basic(REDIS.url())
                .set("GATEHOUSE_RATE_LIMITS", """
                        all.level = ip
                        all.limit = 100/hour
                        boss.when = role:boss
                        boss.level = ip
                        boss.limit = 2/hour
                        failing.when = not role:boss
                        failing.level = ip
                        failing.limit = 1/hour
                        failing.counts = failures 404""")
                .on("/member/missing", (request, response) -> response.sendError(404))
                .start();
        assertThat(as("root", "/member/who").header("RateLimit")).contains("all", "boss");
        assertThat(as("root", "/member/who").status()).isEqualTo(200);
        Browser.Answer refused = as("root", "/member/who");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.body()).contains("boss");
        for (int i = 0; i < 3; i++) {
            assertThat(as("alice", "/member/who").status()).isEqualTo(200);
        }
        assertThat(as("alice", "/member/missing").status()).isEqualTo(404);
        assertThat(as("alice", "/member/missing").status()).isEqualTo(429);
    }

    private Browser.Answer as(String user, String path) {
        return new Browser().send(request(user, path));
    }

    private HttpRequest.Builder request(String user, String path) {
        String credentials = Base64.getEncoder().encodeToString((user + ':' + user).getBytes(StandardCharsets.UTF_8));
        return HttpRequest.newBuilder(URI.create(app.url(path))).header("Authorization", "Basic " + credentials);
    }

    @Test
    void releasesTheSessionWhateverAListenerThrowsAtTheLogin() {
        app.close();
        HttpSessionIdListener listener = (event, before) -> {
            throw new AssertionError("a broken listener");
        };
        app = ServerUsers.basic(REDIS.url())
                .customize(context -> context.addServletContainerInitializer(
                        (classes, application) -> application.addListener(listener), Set.of()))
                .start();
        browser.get(app.url("/make"));
        Browser.Answer failed = browser.send(request("alice", "/member/who"));
        assertThat(failed.status()).isEqualTo(500);
        Eventually.holds(
                "the session is released",
                Duration.ofSeconds(10),
                () -> app.gatehouse().sessions().inUse() == 0);
    }

    @Test
    void theAuthenticatorIsBehindTheValve() {
        assertThat(app.context().getPipeline().getValves())
                .extracting(valve -> valve.getClass().getSimpleName())
                .containsSubsequence("GuardValve", "FormAuthenticator");
    }
}
