package io.gatehouse.internal.tomcat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.DigestClient;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** BASIC and DIGEST authentication and {@code login()} on two nodes that share the sessions of Gatehouse. */
@RedisTest
class HeaderLoginTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private final Browser browser = new Browser();

    @BeforeEach
    void forgetFailures() {
        REDIS.flush();
    }

    private static HttpRequest.Builder basic(String url, String user, String password) {
        return HttpRequest.newBuilder(URI.create(url))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8)));
    }

    private static App.Builder withLogin(App.Builder app) {
        return app.on("/login", (request, response) -> {
                    request.login("root", "root");
                    request.getSession();
                })
                .on("/session-first", (request, response) -> {
                    request.getSession();
                    request.login("root", "root");
                })
                .on("/only-login", (request, response) -> request.login("root", "root"));
    }

    @Test
    void aUserOfBasicWithASessionIsKnownOnTheOtherNode() {
        try (App one = ServerUsers.basic(REDIS.url()).start();
                App two = ServerUsers.basic(REDIS.url()).start()) {
            browser.get(one.url("/make"));
            String before = browser.token();
            assertThat(browser.send(basic(one.url("/member/who"), "alice", "alice"))
                            .body())
                    .isEqualTo("alice true false BASIC");
            assertThat(browser.token()).isNotEqualTo(before);
            assertThat(browser.get(two.url("/member/who")).body()).isEqualTo("alice true false BASIC");
            assertThat(browser.get(two.url("/cart")).body()).isEqualTo("apples");
            assertThat(new Browser()
                            .withCookie("sid", before)
                            .get(two.url("/member/who"))
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void basicWithoutASessionCreatesNone() {
        try (App one = ServerUsers.basic(REDIS.url()).start()) {
            Browser.Answer answer = browser.send(basic(one.url("/member/who"), "alice", "alice"));
            assertThat(answer.body()).startsWith("alice");
            assertThat(answer.setCookies()).noneMatch(cookie -> cookie.startsWith("sid="));
        }
    }

    /** The cookie exempts a browser from the lockout of its account; a client that returns no cookies has no use for it. */
    @Test
    void onlyAClientThatKeepsCookiesBecomesAKnownDevice() {
        try (App one = ServerUsers.basic(REDIS.url()).start()) {
            String page = one.url("/member/who");
            for (int i = 0; i < 2; i++) {
                assertThat(browser.send(basic(page, "alice", "alice")).setCookies())
                        .isEmpty();
            }
            assertThat(new Browser()
                            .withCookie("theme", "dark")
                            .send(basic(page, "alice", "alice"))
                            .setCookies())
                    .singleElement()
                    .asString()
                    .startsWith("sid-device=");
            browser.get(one.url("/make"));
            assertThat(browser.send(basic(page, "alice", "alice")).setCookies())
                    .anyMatch(cookie -> cookie.startsWith("sid-device="));
        }
    }

    @Test
    void failuresOfBasicAreCountedAndLockedOutUnseenByTheAuthenticator() {
        try (App one = ServerUsers.basic(REDIS.url())
                .set("GATEHOUSE_LOGIN_FREE_FAILURES", "2")
                .start()) {
            for (int i = 0; i < 2; i++) {
                assertThat(browser.send(basic(one.url("/member/who"), "alice", "no"))
                                .status())
                        .isEqualTo(401);
            }
            assertThat(browser.send(basic(one.url("/member/who"), "alice", "alice"))
                            .status())
                    .isEqualTo(429);
            assertThat(browser.send(basic(one.url("/member/who"), "bob", "bob")).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aLoginByTheApplicationIsKnownOnTheOtherNode() {
        try (App one = withLogin(ServerUsers.basic(REDIS.url())).start();
                App two = withLogin(ServerUsers.basic(REDIS.url())).start()) {
            for (String path : new String[] {"/login", "/session-first"}) {
                Browser fresh = new Browser();
                fresh.get(one.url(path));
                assertThat(fresh.get(two.url("/member/who")).body()).as(path).isEqualTo("root true true BASIC");
            }
            browser.get(one.url("/make"));
            String before = browser.token();
            browser.get(one.url("/only-login"));
            assertThat(browser.token()).isNotEqualTo(before);
            assertThat(browser.get(two.url("/member/who")).body()).isEqualTo("root true true BASIC");
            browser.get(two.url("/logout"));
            assertThat(browser.get(one.url("/member/who")).status()).isEqualTo(401);
        }
    }

    /** Each node remembers its own nonces, so it asks a client that comes from another node once more. That is no failed login. */
    @Test
    void digestAsksAgainOnTheOtherNodeWithoutCountingAFailure() {
        try (App one = ServerUsers.digest(REDIS.url())
                        .set("GATEHOUSE_LOGIN_FREE_FAILURES", "1")
                        .start();
                App two = ServerUsers.digest(REDIS.url())
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
}
