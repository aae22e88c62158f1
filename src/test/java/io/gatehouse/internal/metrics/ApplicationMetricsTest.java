package io.gatehouse.internal.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.cache.CacheManager;
import io.gatehouse.internal.session.Session;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The metrics that an application reports about its own activity. */
@RedisTest
class ApplicationMetricsTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private final Browser browser = new Browser();
    private App app;

    @BeforeEach
    void start() {
        REDIS.flush();
        app = App.with(REDIS.url())
                .path("/shop")
                .set("GATEHOUSE_ENDPOINTS_ENABLED", "True")
                .set("GATEHOUSE_CACHE_ENABLED", "True")
                .set("REDIS_URL", REDIS.url())
                .set("REDIS_CACHE_WARMING_URL", REDIS.url())
                .set("GATEHOUSE_LOGIN_FORMS", "/login user")
                .set("GATEHOUSE_TRUSTED_PROXIES", "127.0.0.1")
                .set("GATEHOUSE_IMPORT_SPRING_SESSION", "True")
                .set("GATEHOUSE_RATE_LIMITS", "pages.match = /page\npages.level = ip\npages.limit = 2/m")
                .on("/page", (request, response) -> response.getWriter().print("hello"))
                .on("/login", (request, response) -> {
                    if ("wrong".equals(request.getParameter("password"))) {
                        response.sendError(401);
                    } else {
                        request.getSession().setAttribute(Session.USER_ATTRIBUTE, "alice");
                        request.getSession().setAttribute("cart", "x".repeat(3000));
                        response.getWriter().print(request.getSession().getId());
                    }
                })
                .on("/read", (request, response) -> request.getSession(false))
                .on("/end", (request, response) -> request.getSession().invalidate())
                .start();
    }

    @AfterEach
    void stop() {
        app.close();
    }

    private Samples scrape() {
        Browser.Answer answer = new Browser().get(app.url("/api/v1/core/metrics"));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return new Samples(answer.body());
    }

    private Browser.Answer logIn(String user, String password) {
        return browser.send(HttpRequest.newBuilder(URI.create(app.url("/login")))
                .header("X-Forwarded-For", "203.0.113.7")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("user=" + user + "&password=" + password)));
    }

    private void failTwoLogins() {
        for (int i = 0; i < 2; i++) {
            assertThat(logIn("bob", "wrong").status()).isEqualTo(401);
        }
    }

    private void requestThreePages() {
        for (int i = 0; i < 3; i++) {
            new Browser().get(app.url("/page"));
        }
    }

    private void getCachedValueThreeTimes() {
        CacheManager cache = app.gatehouse().cache();
        for (int i = 0; i < 3; i++) {
            cache.getOrSet("user-4711", () -> "value");
        }
    }

    private void runJob() {
        String run = app.gatehouse().jobs().submit("clean-up-sessions", Map.of());
        assertThat(app.gatehouse()
                        .jobs()
                        .await(run, Duration.ofSeconds(20))
                        .state()
                        .isFinal())
                .isTrue();
    }

    @Test
    void countsTheLifeOfASession() {
        logIn("alice", "right");
        browser.get(app.url("/read"));
        browser.get(app.url("/read"));
        browser.get(app.url("/end"));

        Samples samples = scrape();
        assertThat(samples.of("gatehouse_sessions_started_total")).isEqualTo(1);
        assertThat(samples.of("gatehouse_session_events_total{event=loaded}")).isEqualTo(3);
        assertThat(samples.of("gatehouse_sessions_destroyed_total{reason=logout}"))
                .isEqualTo(1);
        assertThat(samples.sum("gatehouse_sessions_destroyed_total")).isEqualTo(1);
    }

    @Test
    void measuresTheDurationAndSizeOfASave() {
        logIn("alice", "right");
        browser.get(app.url("/read"));

        Samples samples = scrape();
        assertThat(samples.of("gatehouse_session_save_seconds_count")).isEqualTo(1);
        assertThat(samples.of("gatehouse_session_bytes_sum")).isBetween(3000.0, 3400.0);
        assertThat(samples.of("gatehouse_redis_command_seconds_count{op=save, outcome=ok, purpose=sessions}"))
                .isEqualTo(1);
    }

    @Test
    void distinguishesAnEndedSessionFromAForgedToken() {
        logIn("alice", "right");
        String token = browser.token();
        browser.get(app.url("/end"));
        new Browser().withCookie("sid", token).get(app.url("/read"));
        new Browser().withCookie("sid", token + "x").get(app.url("/read"));

        Samples samples = scrape();
        assertThat(samples.of("gatehouse_session_events_total{event=token_without_session}"))
                .isEqualTo(1);
        assertThat(samples.sum("gatehouse_integrity_failures_total")).isEqualTo(1);
    }

    @Test
    void countsTheDecisionsOfARule() {
        requestThreePages();

        Samples samples = scrape();
        assertThat(samples.of("gatehouse_ratelimit_decisions_total{result=allowed, rule=pages}"))
                .isEqualTo(2);
        assertThat(samples.of("gatehouse_ratelimit_decisions_total{result=refused, rule=pages}"))
                .isEqualTo(1);
    }

    @Test
    void countsLoginAttemptsByTheirResult() {
        logIn("alice", "right");
        failTwoLogins();

        Samples samples = scrape();
        assertThat(samples.of("gatehouse_login_events_total{event=login_admitted}"))
                .isEqualTo(3);
        assertThat(samples.of("gatehouse_login_events_total{event=login_failed}"))
                .isEqualTo(2);
        assertThat(samples.of("gatehouse_login_events_total{event=login_succeeded}"))
                .isEqualTo(1);
    }

    @Test
    void countsHitsMissesAndLoadsOfTheCache() {
        getCachedValueThreeTimes();

        Samples samples = scrape();
        assertThat(samples.of("gatehouse_cache_misses_total{region=default}")).isEqualTo(1);
        assertThat(samples.of("gatehouse_cache_hits_total{level=l1, region=default}"))
                .isEqualTo(2);
        assertThat(samples.of("gatehouse_cache_loads_total{region=default}")).isEqualTo(1);
        assertThat(samples.of("gatehouse_cache_entries{region=default}")).isEqualTo(1);
    }

    @Test
    void reportsTheHealthOfRedis() {
        Samples samples = scrape();
        assertThat(samples.of("gatehouse_redis_up{purpose=cache}")).isEqualTo(1);
        assertThat(samples.of("gatehouse_breaker_state{purpose=sessions}")).isZero();
    }

    @Test
    void reportsTheRunOfAJob() {
        runJob();

        Samples samples = scrape();
        assertThat(samples.of("gatehouse_job_seconds_count{job_name=clean-up-sessions, outcome=succeeded}"))
                .isEqualTo(1);
        assertThat(samples.of("gatehouse_job_last_success_timestamp_seconds{job_name=clean-up-sessions}"))
                .isGreaterThan(1.7e9);
    }

    @Test
    void noLabelIdentifiesAUser() {
        String id = logIn("alice", "right").body();
        assertThat(id).hasSizeGreaterThan(10);
        String token = browser.token();
        failTwoLogins();
        requestThreePages();
        getCachedValueThreeTimes();
        runJob();

        Map<String, Set<String>> labels = scrape().labels();
        assertThat(labels.get("application")).containsExactly("shop");
        assertThat(labels.remove("node")).containsExactly("127.0.0.1:" + REDIS.port());
        labels.values()
                .forEach(values -> values.forEach(value -> assertThat(value)
                        .matches("[a-zE0-9_.+-]{1,30}|\\+Inf")
                        .doesNotContain("alice", "bob", "4711", "127.0.0.1", "203.0.113", token, id)));
    }

    @Test
    void everyMetricIsReportedOnceItsPartOfGatehouseWasUsed() {
        logIn("alice", "right");
        requestThreePages();
        getCachedValueThreeTimes();
        runJob();

        Set<String> expected = Arrays.stream(MetricDefinition.values())
                .filter(definition -> definition != MetricDefinition.SESSIONS_ACTIVE) // appears within 15 seconds
                .filter(definition -> definition != MetricDefinition.REDIS_REPLICA_LAG) // there is no replica
                .map(MetricDefinition::prometheusName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(scrape().families()).isEqualTo(expected);
    }
}
