package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.session.Session;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The response header with the durations of Gatehouse's own part of a request. */
@RedisTest
class ServerTimingTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private final Browser browser = new Browser();

    private static App start(String enabled) {
        return App.with(REDIS.url())
                .set("GATEHOUSE_SERVER_TIMING", enabled)
                .set(
                        "GATEHOUSE_RATE_LIMITS",
                        "all.match = /*\nall.level = ip\nall.limit = 100/m\n"
                                .concat("rare.match = /rare\nrare.level = ip\nrare.limit = 1/h"))
                .on("/login", (request, response) -> {
                    request.getSession().setAttribute(Session.USER_ATTRIBUTE, "alice");
                    response.getWriter().print("hello");
                })
                .on("/own", (request, response) -> {
                    response.addHeader("Server-Timing", "db;dur=3");
                    response.getWriter().print(request.getSession(false) != null);
                })
                .on("/reset", (request, response) -> {
                    request.getSession().setAttribute("n", 1);
                    response.reset();
                    response.sendError(404);
                })
                .on("/rare", (request, response) -> response.getWriter().print("rare"))
                .start();
    }

    private static List<String> values(Browser.Answer answer) {
        return answer.headers().entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("Server-Timing"))
                .flatMap(header -> header.getValue().stream())
                .toList();
    }

    private static Map<String, Double> durations(String header) {
        assertThat(header).matches("gatehouse;dur=[0-9.]+, redis;dur=[0-9.]+, session;dur=[0-9.]+, limits;dur=[0-9.]+");
        return Stream.of(header.split(", ", -1))
                .collect(Collectors.toMap(
                        metric -> metric.substring(0, metric.indexOf(';')),
                        metric -> Double.parseDouble(metric.substring(metric.indexOf('=') + 1))));
    }

    @Test
    void namesTheTimeOfRedisLimitsAndSession() {
        try (App app = start("True")) {
            Map<String, Double> login =
                    durations(values(browser.get(app.url("/login"))).get(0));
            assertThat(login.get("redis")).isPositive();
            assertThat(login.get("limits")).isPositive();
            assertThat(login.get("session")).isPositive();
            assertThat(login.get("gatehouse"))
                    .isGreaterThanOrEqualTo(login.get("redis"))
                    .isGreaterThanOrEqualTo(login.get("session"));
        }
    }

    @Test
    void neverReplacesTheHeaderOfTheApplication() {
        try (App app = start("True")) {
            browser.get(app.url("/login"));
            Browser.Answer answer = browser.get(app.url("/own"));
            assertThat(answer.body()).isEqualTo("true");
            List<String> values = values(answer);
            assertThat(values).hasSize(2).first().isEqualTo("db;dur=3");
            assertThat(durations(values.get(1)).get("session")).isPositive();
        }
    }

    @Test
    void isSentOnceIfTheApplicationResetsTheResponse() {
        try (App app = start("True")) {
            Browser.Answer answer = browser.get(app.url("/reset"));
            assertThat(answer.status()).isEqualTo(404);
            assertThat(values(answer)).hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    void responsesOfGatehouseItselfHaveNone() {
        try (App app = start("True")) {
            browser.get(app.url("/rare"));
            Browser.Answer refused = browser.get(app.url("/rare"));
            assertThat(refused.status()).isEqualTo(429);
            assertThat(values(refused)).isEmpty();
        }
    }

    @Test
    void isNotSentUnlessEnabled() {
        try (App app = start("False")) {
            assertThat(values(browser.get(app.url("/login")))).isEmpty();
        }
    }
}
