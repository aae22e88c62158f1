package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Browser.Answer;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.ScriptedRedis;
import io.gatehouse.testing.TestRedis;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;

/** Redis down, frozen, full, read-only or with a wrong password: prompt 503 responses, never 500, and recovery. */
@Timeout(60)
class RedisFailureTest {
    private static final Duration SOON = Duration.ofSeconds(3);

    private TestRedis redis;
    private App app;

    @BeforeEach
    void start() {
        redis = TestRedis.start("--maxmemory-policy", "noeviction");
        app = application(redis.url());
    }

    @AfterEach
    void stop() {
        app.close();
        redis.close();
    }

    private static App application(String url) {
        return App.with(url)
                .set("GATEHOUSE_FILTER_EXCLUDE", "/static/*")
                .on("/count", (request, response) -> {
                    Integer n = (Integer) request.getSession().getAttribute("n");
                    request.getSession().setAttribute("n", n == null ? 1 : n + 1);
                    response.getWriter().print(request.getSession().getAttribute("n"));
                })
                .on(
                        "/read",
                        (request, response) ->
                                response.getWriter().print(request.getSession().getAttribute("n")))
                .on("/redirect", (request, response) -> {
                    request.getSession().setAttribute("n", 7);
                    response.sendRedirect("/read");
                    request.getSession().setAttribute("more", true);
                })
                .on("/long", (request, response) -> {
                    request.getSession().setAttribute("n", 8);
                    response.setContentType("text/html");
                    response.setHeader("X-Secret", "of the application");
                    for (int i = 0; i < 100; i++) {
                        response.getWriter().print("private ".repeat(1000));
                    }
                })
                .on("/logout", (request, response) -> request.getSession().invalidate())
                .on("/public", (request, response) -> response.getWriter().print("public"))
                .on("/static/x", (request, response) -> response.getWriter().print("static"))
                .start();
    }

    @Test
    void responds503WhileRedisIsDownAndRecovers() throws IOException {
        Browser browser = new Browser();
        assertThat(browser.get(app.url("/count")).body()).isEqualTo("1");
        redis.process().stop();
        for (String path : new String[] {"/count", "/read", "/redirect", "/long", "/logout", "/public"}) {
            isUnavailable(browser.get(app.url(path)));
        }
        assertThat(browser.get(app.url("/static/x")).body()).isEqualTo("static");
        Browser stranger = new Browser();
        assertThat(stranger.get(app.url("/public")).body()).isEqualTo("public");
        for (String path : new String[] {"/count", "/redirect", "/long"}) {
            Answer answer = stranger.get(app.url(path));
            isUnavailable(answer);
            assertThat(answer.setCookies()).isEmpty();
            assertThat(answer.body()).doesNotContain("private");
            assertThat(answer.header("X-Secret")).isNull();
            assertThat(answer.header("Location")).isNull();
        }
        redis.process().restart();
        Eventually.holds(
                "new sessions can be created",
                SOON,
                () -> new Browser().get(app.url("/count")).status() == 200);
    }

    @Test
    void theApplicationStartsBeforeRedis() throws IOException {
        redis.process().stop();
        try (App early = application(redis.url())) {
            assertThat(new Browser().get(early.url("/public")).body()).isEqualTo("public");
            isUnavailable(new Browser().get(early.url("/count")));
            redis.process().restart();
            Eventually.holds(
                    "sessions can be created",
                    SOON,
                    () -> new Browser().get(early.url("/count")).status() == 200);
        }
    }

    @Test
    void responds503WhileRedisIsFrozenAndLosesNothing() {
        Browser browser = new Browser();
        browser.get(app.url("/count"));
        redis.freeze(true);
        long start = System.nanoTime();
        isUnavailable(browser.get(app.url("/count")));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
        redis.freeze(false);
        Eventually.holds(
                "the session works again",
                SOON,
                () -> browser.get(app.url("/read")).body().equals("1"));
    }

    @Test
    void readsAndLogsOutButDoesNotWriteWhileRedisIsFull() {
        Browser browser = new Browser();
        browser.get(app.url("/count"));
        try (RedisClient client = redis.client()) {
            client.configSet("maxmemory", "1");
            assertThat(browser.get(app.url("/read")).body()).isEqualTo("1");
            isUnavailable(browser.get(app.url("/count")));
            isUnavailable(new Browser().get(app.url("/count")));
            assertThat(browser.get(app.url("/logout")).status()).isEqualTo(200);
            client.configSet("maxmemory", "0");
        }
        assertThat(new Browser().get(app.url("/count")).body()).isEqualTo("1");
        assertThat(redis.keys().stream().filter(key -> key.contains(":s:"))).hasSize(1);
    }

    @Test
    void responds503WhileRedisIsAReplicaAndRecoversAfterItsPromotion() {
        Browser browser = new Browser();
        browser.get(app.url("/count"));
        try (TestRedis master = TestRedis.start();
                Jedis client = new Jedis("127.0.0.1", redis.port())) {
            client.configSet("replica-serve-stale-data", "yes");
            client.replicaof("127.0.0.1", master.port());
            isUnavailable(browser.get(app.url("/count")));
            client.replicaofNoOne();
            Eventually.holds(
                    "sessions can be created",
                    SOON,
                    () -> new Browser().get(app.url("/count")).status() == 200);
        }
    }

    @Test
    void responds503WhileThePasswordIsWrong() {
        try (TestRedis closed = TestRedis.start("--requirepass", "secret");
                App refused = application(closed.url())) {
            isUnavailable(new Browser().get(refused.url("/count")));
            try (Jedis client = new Jedis("127.0.0.1", closed.port())) {
                client.auth("secret");
                client.configSet("requirepass", "");
            }
            Eventually.holds(
                    "sessions can be created",
                    SOON,
                    () -> new Browser().get(refused.url("/count")).status() == 200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":1",
                "$1\r\nx",
                "*1\r\n:1",
                "-ERR something new",
                "-MOVED 1 127.0.0.1:1",
                "-TRYAGAIN Multiple keys request during rehashing of slot",
                "*-5"
            })
    void anUnexpectedReplyIs503AndEndsNoSession(String reply) throws IOException {
        Browser browser = new Browser();
        assertThat(browser.get(app.url("/count")).body()).isEqualTo("1");
        try (ScriptedRedis scripted = new ScriptedRedis();
                App confused = application(scripted.url())) {
            scripted.answer(reply + "\r\n");
            Answer answer = browser.get(confused.url("/read"));
            isUnavailable(answer);
            assertThat(answer.setCookies()).isEmpty();
        }
        assertThat(browser.get(app.url("/count")).body()).isEqualTo("2");
    }

    private static void isUnavailable(Answer answer) {
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isEqualTo("2");
    }
}
