package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.login.LoginEvent;
import io.gatehouse.internal.session.Session;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Concurrent logins: attempts beyond the limit of concurrent ones wait for a place. */
@RedisTest
class LoginPlacesTest {
    private static final TestRedis REDIS = TestRedis.shared();

    /** The permits that each login needs to verify its password. */
    private final Semaphore processors = new Semaphore(0);

    private App.Builder app() {
        return App.with(REDIS.url()).set("GATEHOUSE_LOGIN_PLACE_WAIT", "25s").on("/login", (request, response) -> {
            processors.acquireUninterruptibly();
            if ("right".equals(request.getParameter("password"))) {
                request.getSession().setAttribute(Session.USER_ATTRIBUTE, request.getParameter("user"));
            } else {
                response.setStatus(401);
            }
        });
    }

    private static List<CompletableFuture<Browser.Answer>> startTogether(int count, App app, String form) {
        return IntStream.range(0, count)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> new Browser().post(app.url("/login"), form.replace("%i", "" + i)),
                        task -> new Thread(task).start()))
                .toList();
    }

    private static List<Integer> statuses(List<CompletableFuture<Browser.Answer>> answers) {
        return answers.stream().map(answer -> answer.join().status()).toList();
    }

    @Test
    void twentyCorrectPasswordsFromOneAddressPassTheBuiltInRules() {
        try (App app = app().set("GATEHOUSE_RATE_LIMITS", "built-in").start()) {
            var answers = startTogether(20, app, "user=a%i&password=right");
            Eventually.within(
                    Duration.ofSeconds(10),
                    () -> assertThat(processors.getQueueLength()).isEqualTo(5));
            processors.release(20);
            assertThat(statuses(answers)).containsOnly(200);
        }
    }

    @Test
    void eightConcurrentLoginsOfOneAccountPass() {
        try (App app = app().set("GATEHOUSE_LOGIN_FORMS", "/login user").start()) {
            var answers = startTogether(8, app, "user=alice&password=right");
            Eventually.within(
                    Duration.ofSeconds(10),
                    () -> assertThat(processors.getQueueLength()).isEqualTo(5));
            processors.release(8);
            assertThat(statuses(answers)).containsOnly(200);
            assertThat(app.gatehouse().loginGuard().inspect("alice").failures()).isZero();
            assertThat(app.gatehouse().components().guard().count(LoginEvent.BUSY))
                    .isZero();
        }
    }

    @Test
    void verifiesNoMoreConcurrentPasswordsThanThereAreAttemptsLeft() {
        try (App app = app().set("GATEHOUSE_LOGIN_FORMS", "/login user")
                .set(
                        "GATEHOUSE_LOGIN_ON_REDIS_FAILURE",
                        "closed") // otherwise the node counts by itself if Redis is slow
                .start()) {
            var answers = startTogether(20, app, "user=alice&password=wrong");
            Eventually.within(
                    Duration.ofSeconds(10),
                    () -> assertThat(processors.getQueueLength()).isEqualTo(5));
            processors.release(20);
            assertThat(statuses(answers)).filteredOn(status -> status == 401).hasSize(5);
            assertThat(statuses(answers))
                    .filteredOn(status -> status == 429 || status == 503)
                    .hasSize(15);
        }
    }

    @Test
    void refusesWithAShortRetryAfterWhenTheWaitTimesOut() {
        try (App app = app().set("GATEHOUSE_LOGIN_FORMS", "/login user")
                .set("GATEHOUSE_RATE_LIMITS", "built-in")
                .set("GATEHOUSE_LOGIN_PLACE_WAIT", "300ms")
                .start()) {
            var underWay = startTogether(5, app, "user=alice&password=right");
            Eventually.within(
                    Duration.ofSeconds(10),
                    () -> assertThat(processors.getQueueLength()).isEqualTo(5));
            for (String user : List.of("alice", "bob")) {
                Browser.Answer refused = new Browser().post(app.url("/login"), "user=" + user + "&password=right");
                assertThat(refused.status()).isEqualTo(429);
                assertThat(refused.header("Retry-After")).isEqualTo("1");
            }
            processors.release(7);
            assertThat(statuses(underWay)).containsOnly(200);
            assertThat(new Browser()
                            .post(app.url("/login"), "user=alice&password=right")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void getsAPlaceThatAnotherNodeReleases() {
        try (App one = app().set("GATEHOUSE_LOGIN_FORMS", "/login user").start();
                App two = app().set("GATEHOUSE_LOGIN_FORMS", "/login user").start()) {
            var first = startTogether(5, one, "user=alice&password=right");
            Eventually.within(
                    Duration.ofSeconds(10),
                    () -> assertThat(processors.getQueueLength()).isEqualTo(5));
            var second = startTogether(3, two, "user=alice&password=right");
            processors.release(8);
            assertThat(statuses(first)).containsOnly(200);
            assertThat(statuses(second)).containsOnly(200);
        }
    }

    @Test
    void refusesAttemptsBeyondTheQueue() {
        try (App app = app().set("GATEHOUSE_LOGIN_FORMS", "/login user")
                .set("GATEHOUSE_LOGIN_PLACE_QUEUE", "0")
                .start()) {
            var underWay = startTogether(5, app, "user=alice&password=right");
            Eventually.within(
                    Duration.ofSeconds(10),
                    () -> assertThat(processors.getQueueLength()).isEqualTo(5));
            assertThat(new Browser()
                            .post(app.url("/login"), "user=alice&password=right")
                            .status())
                    .isEqualTo(429);
            assertThat(app.gatehouse().components().guard().count(LoginEvent.BUSY))
                    .isEqualTo(1);
            processors.release(5);
            assertThat(statuses(underWay)).containsOnly(200);
        }
    }
}
