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

/** Logins at the same moment: those that find no place wait for one. */
@RedisTest
class LoginPlacesTest {
    private static final TestRedis REDIS = TestRedis.shared();

    /** What each login needs to look at its password. */
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

    private static List<CompletableFuture<Browser.Answer>> together(int count, App app, String form) {
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
    void twentyRightPasswordsFromOneAddressPassTheBuiltInRules() {
        try (App app = app().set("GATEHOUSE_RATE_LIMITS", "built-in").start()) {
            var answers = together(20, app, "user=a%i&password=right");
            Eventually.within(
                    Duration.ofSeconds(10),
                    () -> assertThat(processors.getQueueLength()).isEqualTo(5));
            processors.release(20);
            assertThat(statuses(answers)).containsOnly(200);
        }
    }

    @Test
    void eightTabsOfOneAccountPass() {
        try (App app = app().set("GATEHOUSE_LOGIN_FORMS", "/login user").start()) {
            var answers = together(8, app, "user=alice&password=right");
            Eventually.within(
                    Duration.ofSeconds(10),
                    () -> assertThat(processors.getQueueLength()).isEqualTo(5));
            processors.release(8);
            assertThat(statuses(answers)).containsOnly(200);
            assertThat(app.gatehouse().loginGuard().inspect("alice").failures()).isZero();
            assertThat(app.gatehouse().capabilities().guard().count(LoginEvent.BUSY))
                    .isZero();
        }
    }

    @Test
    void ofWrongPasswordsAtTheSameMomentNoMoreThanTheFreeOnesAreLookedAt() {
        try (App app = app().set("GATEHOUSE_LOGIN_FORMS", "/login user")
                .set("GATEHOUSE_LOGIN_ON_REDIS_FAILURE", "closed") // or a slow Redis lets the node count by itself
                .start()) {
            var answers = together(20, app, "user=alice&password=wrong");
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
    void afterTheLongestWaitThePlaceIsSaidToBeFreeSoon() {
        try (App app = app().set("GATEHOUSE_LOGIN_FORMS", "/login user")
                .set("GATEHOUSE_RATE_LIMITS", "built-in")
                .set("GATEHOUSE_LOGIN_PLACE_WAIT", "300ms")
                .start()) {
            var underWay = together(5, app, "user=alice&password=right");
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
    void aPlaceThatAnotherNodeHeldIsFoundToo() {
        try (App one = app().set("GATEHOUSE_LOGIN_FORMS", "/login user").start();
                App two = app().set("GATEHOUSE_LOGIN_FORMS", "/login user").start()) {
            var first = together(5, one, "user=alice&password=right");
            Eventually.within(
                    Duration.ofSeconds(10),
                    () -> assertThat(processors.getQueueLength()).isEqualTo(5));
            var second = together(3, two, "user=alice&password=right");
            processors.release(8);
            assertThat(statuses(first)).containsOnly(200);
            assertThat(statuses(second)).containsOnly(200);
        }
    }

    @Test
    void noMoreWaitThanTheQueueHolds() {
        try (App app = app().set("GATEHOUSE_LOGIN_FORMS", "/login user")
                .set("GATEHOUSE_LOGIN_PLACE_QUEUE", "0")
                .start()) {
            var underWay = together(5, app, "user=alice&password=right");
            Eventually.within(
                    Duration.ofSeconds(10),
                    () -> assertThat(processors.getQueueLength()).isEqualTo(5));
            assertThat(new Browser()
                            .post(app.url("/login"), "user=alice&password=right")
                            .status())
                    .isEqualTo(429);
            assertThat(app.gatehouse().capabilities().guard().count(LoginEvent.BUSY))
                    .isEqualTo(1);
            processors.release(5);
            assertThat(statuses(underWay)).containsOnly(200);
        }
    }
}
