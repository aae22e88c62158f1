package io.gatehouse.internal.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that try passwords without being counted, and requests that must not be counted. */
@RedisTest
class LoginEvasionTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private final Browser browser = new Browser();

    @BeforeEach
    void forgetFailures() {
        REDIS.flush();
    }

    private static App.Builder basic() {
        return ServerUsers.basic(REDIS.url()).set("GATEHOUSE_LOGIN_FREE_FAILURES", "1");
    }

    private static HttpRequest.Builder request(String url, String user, String password) {
        String credentials =
                Base64.getEncoder().encodeToString((user + ':' + password).getBytes(StandardCharsets.UTF_8));
        return HttpRequest.newBuilder(URI.create(url)).header("Authorization", "Basic " + credentials);
    }

    private static HttpRequest.Builder asPreflight(HttpRequest.Builder request) {
        return request.method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Access-Control-Request-Method", "GET");
    }

    /** Browsers send no credentials in preflight requests, but Tomcat verifies those of others. */
    @Test
    void aPreflightRequestWithCredentialsIsALoginAttempt() {
        try (App app = basic().set("GATEHOUSE_CORS_ALLOWED_ORIGINS", "https://app.example.com")
                .start()) {
            HttpRequest.Builder guess = asPreflight(request(app.url("/member/who"), "alice", "no"))
                    .header("Origin", "https://app.example.com");
            assertThat(browser.send(guess).status()).isEqualTo(401);
            assertThat(browser.send(guess).status()).isEqualTo(429);
        }
    }

    @Test
    void aPathLikeThatOfTheServersFormHidesNoGuardedForm() {
        try (App app = basic().set("GATEHOUSE_LOGIN_FORMS", "/login user")
                .on("/login/*", (request, response) -> response.getWriter().print("wrong"))
                .start()) {
            String form = "user=alice&password=no";
            assertThat(browser.post(app.url("/login/j_security_check"), form).status())
                    .isEqualTo(200);
            assertThat(browser.post(app.url("/login/j_security_check"), form).status())
                    .isEqualTo(429);
        }
    }

    @Test
    void aVerifiedHeaderHoldsNoPlaceWhileTheApplicationResponds() throws Exception {
        CountDownLatch inside = new CountDownLatch(3);
        CountDownLatch proceed = new CountDownLatch(1);
        try (App app = basic().on("/member/slow", (request, response) -> {
                    inside.countDown();
                    Waiting.on(proceed);
                })
                .start()) {
            browser.get(app.url("/make"));
            browser.send(request(app.url("/member/who"), "alice", "alice"));
            String token = browser.token();
            CompletableFuture<?>[] answers = new CompletableFuture<?>[3];
            for (int i = 0; i < 3; i++) {
                Browser client = i == 0 ? new Browser() : new Browser().withCookie("sid", token);
                answers[i] = CompletableFuture.runAsync(
                        () -> assertThat(client.send(request(app.url("/member/slow"), "alice", "alice"))
                                        .status())
                                .isEqualTo(200),
                        task -> new Thread(task).start());
            }
            Waiting.on(inside);
            proceed.countDown();
            CompletableFuture.allOf(answers).join();
        } finally {
            proceed.countDown();
        }
    }

    /** The server has accepted the header, or knows the user and has not read it. */
    @Test
    void a401OfTheApplicationForAKnownUserIsNoFailedLogin() {
        try (App app = basic().on("/member/denied", (request, response) -> response.sendError(401))
                .on("/member/bye", (request, response) -> {
                    request.logout();
                    response.sendError(401);
                })
                .start()) {
            for (int i = 0; i < 3; i++) {
                assertThat(new Browser()
                                .send(request(app.url("/member/bye"), "alice", "alice"))
                                .status())
                        .isEqualTo(401);
            }
            browser.get(app.url("/make"));
            browser.send(request(app.url("/member/who"), "alice", "alice"));
            for (int i = 0; i < 3; i++) {
                assertThat(browser.send(request(app.url("/member/denied"), "alice", "alice"))
                                .status())
                        .isEqualTo(401);
            }
            assertThat(browser.send(request(app.url("/member/denied"), "bob", "no"))
                            .status())
                    .isEqualTo(401);
            for (String user : new String[] {"alice", "bob"}) {
                assertThat(new Browser()
                                .send(request(app.url("/member/who"), user, user))
                                .status())
                        .isEqualTo(200);
            }
        }
    }
}
