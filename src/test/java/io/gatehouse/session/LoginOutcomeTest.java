package io.gatehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.login.LoginEvent;
import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.web.LoginAttemptTrackerTest;
import io.gatehouse.login.LoginDecision;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.ServletException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The outcomes of login attempts through the filter: attempts that do not succeed count as failed. */
@RedisTest
class LoginOutcomeTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private static App.Builder guarded() {
        return LoginAttemptTrackerTest.guarded(REDIS.url());
    }

    private static Browser.Answer logIn(App app, Browser browser, String address, String user, String password) {
        return LoginAttemptTrackerTest.logIn(app, browser, address, user, password);
    }

    @ParameterizedTest
    @ValueSource(strings = {"exception", "error", "status", "client", "committed"})
    void anAbortedAttemptCountsAsFailed(String way) {
        try (App app = guarded().start()) {
            for (int i = 0; i < 5; i++) {
                try {
                    Browser.Answer unused = new Browser().post(app.url("/broken"), "user=alice&by=" + way);
                } catch (UncheckedIOException e) {
                    // the response ended early
                }
            }
            Eventually.within(
                    Duration.ofSeconds(5),
                    () -> assertThat(app.gatehouse()
                                    .loginGuard()
                                    .inspect("alice")
                                    .lockedFor())
                            .isPositive());
        }
    }

    @Test
    void anAttemptOfADisconnectedClientCountsAsFailed() throws Exception {
        CountDownLatch hashing = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        try (App app = guarded()
                .on("/slow", (request, response) -> {
                    hashing.countDown();
                    try {
                        gone.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    response.getWriter().print("x".repeat(1_000_000));
                    response.flushBuffer();
                })
                .set("GATEHOUSE_LOGIN_FORMS", "/slow user")
                .start()) {
            try (Socket socket = new Socket(
                    InetAddress.getLoopbackAddress(), URI.create(app.url("/")).getPort())) {
                socket.setSoLinger(true, 0); // close() resets the connection
                socket.getOutputStream()
                        .write("POST /slow?user=alice HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"
                                .getBytes(StandardCharsets.UTF_8));
                hashing.await();
            }
            gone.countDown();
            Eventually.within(
                    Duration.ofSeconds(5),
                    () -> assertThat(app.gatehouse().components().guard().count(LoginEvent.FAILED))
                            .isEqualTo(1));
            assertThat(app.gatehouse().loginGuard().inspect("alice").failures()).isEqualTo(1);
        }
    }

    @Test
    void theCorrectPasswordInAnExistingSessionIsASuccess() {
        try (App app = guarded().start()) {
            Browser alice = new Browser();
            for (int i = 0; i < 8; i++) {
                assertThat(logIn(app, alice, "203.0.113.1", "alice", "right").status())
                        .isEqualTo(302);
            }
            assertThat(app.gatehouse().loginGuard().inspect("alice").failures()).isZero();
            assertThat(app.gatehouse().components().guard().count(LoginEvent.FAILED))
                    .isZero();
        }
    }

    @Test
    void aWrongPasswordInAnExistingSessionIsAFailureAndIssuesNoDeviceCookie() {
        try (App app = guarded().start()) {
            Browser alice = new Browser();
            assertThat(logIn(app, alice, "203.0.113.1", "alice", "right").status())
                    .isEqualTo(302);
            assertThat(logIn(app, alice, "203.0.113.1", "ALICE", "wrong").setCookies())
                    .isEmpty();
            assertThat(app.gatehouse().loginGuard().inspect("alice").failures()).isEqualTo(1);
        }
    }

    @Test
    void aLoginToAnotherAccountThanTheTypedOneIsAFailure() {
        try (App app = guarded()
                .set("GATEHOUSE_LOGIN_FORMS", "/guest user")
                .on("/guest", (request, response) -> request.getSession().setAttribute(Session.USER_ATTRIBUTE, "guest"))
                .start()) {
            for (int i = 0; i < 5; i++) {
                assertThat(new Browser().post(app.url("/guest"), "user=alice").setCookies())
                        .noneMatch(line -> line.startsWith("sid-device"));
            }
            assertThat(new Browser().post(app.url("/guest"), "user=alice").status())
                    .isEqualTo(429);
        }
    }

    /** The form leaves the login to the container, and has no session of its own. */
    private static App.Builder guardedByTheContainer() {
        return guarded()
                .set("GATEHOUSE_LOGIN_FORMS", "/container user")
                .customize(ContainerAuthenticationTest::withUsers)
                .on("/container", (request, response) -> {
                    try {
                        request.login(request.getParameter("as"), request.getParameter("password"));
                    } catch (ServletException e) {
                        response.getWriter().print("wrong");
                    }
                });
    }

    @Test
    void aLoginAtTheContainerIsASuccess() {
        try (App app = guardedByTheContainer().start()) {
            for (int i = 0; i < 8; i++) {
                Browser.Answer correct =
                        new Browser().post(app.url("/container"), "user=alice&as=alice&password=alice");
                assertThat(correct.status()).isEqualTo(200);
                assertThat(correct.setCookies()).anyMatch(line -> line.startsWith("sid-device=v2."));
            }
            assertThat(app.gatehouse().loginGuard().inspect("alice").failures()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"as=alice&password=wrong", "as=bob&password=bob"})
    void aLoginThatTheContainerRefusesOrOfAnotherAccountIsAFailure(String form) {
        try (App app = guardedByTheContainer().start()) {
            for (int i = 0; i < 5; i++) {
                Browser.Answer wrong = new Browser().post(app.url("/container"), "user=alice&" + form);
                assertThat(wrong.status()).isEqualTo(200);
                assertThat(wrong.setCookies()).noneMatch(line -> line.startsWith("sid-device"));
            }
            assertThat(app.gatehouse().loginGuard().inspect("alice").lockedFor())
                    .isPositive();
        }
    }

    @Test
    void anApplicationWithoutSessionsConfirmsTheTypedAccount() {
        try (App app = guarded().start()) {
            for (int i = 0; i < 8; i++) {
                assertThat(new Browser()
                                .post(app.url("/token"), "user=alice&password=right")
                                .setCookies())
                        .anyMatch(line -> line.startsWith("sid-device=v2."));
            }
            assertThat(new Browser().post(app.url("/token"), "user=alice").setCookies())
                    .isEmpty();
            assertThat(app.gatehouse().loginGuard().inspect("alice").failures()).isEqualTo(1);
        }
    }

    @Test
    void ofSeveralAttemptsInOneRequestAllButTheLastFail() {
        try (App app = guarded()
                .on("/batch", (request, response) -> {
                    for (String account : List.of("alice", "bob", "carol")) {
                        LoginDecision unused = Authentication.attempt(request, account);
                    }
                    request.getSession().setAttribute(Session.USER_ATTRIBUTE, "carol");
                })
                .start()) {
            Browser.Answer unused = new Browser().get(app.url("/batch"));
            assertThat(List.of("alice", "bob", "carol").stream()
                            .map(account -> app.gatehouse()
                                    .loginGuard()
                                    .inspect(account)
                                    .failures()))
                    .containsExactly(1, 1, 0);
        }
    }
}
