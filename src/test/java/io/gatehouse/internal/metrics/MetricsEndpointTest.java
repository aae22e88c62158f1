package io.gatehouse.internal.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.cache.CacheManager;
import io.gatehouse.internal.session.Session;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.CountingProxy;
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
import org.junit.jupiter.api.Test;

/** What an application that is in use tells over HTTP. */
@RedisTest
class MetricsEndpointTest {
    private static final String PATH = "/api/v1/core/metrics";
    private static final TestRedis REDIS = TestRedis.shared();

    private final Browser browser = new Browser();

    private static App.Builder shop(String url) {
        return App.with(url)
                .path("/shop")
                .set("GATEHOUSE_ENDPOINTS_ENABLED", "True")
                .on("/nothing", (request, response) -> response.getWriter().print("hello"))
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
                .on("/logout", (request, response) -> request.getSession().invalidate());
    }

    private Samples scrape(App app) {
        Browser.Answer answer = new Browser().get(app.url(PATH));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return new Samples(answer.body());
    }

    @Test
    void tellsWhatHappenedExactlyAndNothingAboutUsers() {
        REDIS.flush();
        App.Builder builder = shop(REDIS.url())
                .set("GATEHOUSE_CACHE_ENABLED", "True")
                .set("REDIS_URL", REDIS.url())
                .set("REDIS_CACHE_WARMING_URL", REDIS.url())
                .set("GATEHOUSE_LOGIN_FORMS", "/login user")
                .set("GATEHOUSE_TRUSTED_PROXIES", "127.0.0.1")
                .set("GATEHOUSE_RATE_LIMITS", "pages.match = /nothing\npages.level = ip\npages.limit = 2/m");
        try (App app = builder.start()) {
            String handle = logIn("alice", "right", app).body();
            assertThat(handle).hasSizeGreaterThan(10);
            String token = browser.token();
            browser.get(app.url("/read"));
            browser.get(app.url("/read"));
            browser.get(app.url("/logout"));
            new Browser().withCookie("sid", token).get(app.url("/read"));
            new Browser().withCookie("sid", token + "x").get(app.url("/read"));
            for (int i = 0; i < 2; i++) {
                assertThat(logIn("bob", "wrong", app).status()).isEqualTo(401);
            }
            for (int i = 0; i < 3; i++) {
                new Browser().get(app.url("/nothing"));
            }
            CacheManager cache = app.gatehouse().cache();
            for (int i = 0; i < 3; i++) {
                cache.getOrSet("user-4711", () -> "somebody", Duration.ofSeconds(5));
            }
            String run = app.gatehouse().jobs().submit("clean-up-sessions", Map.of());
            assertThat(app.gatehouse()
                            .jobs()
                            .await(run, Duration.ofSeconds(20))
                            .state()
                            .isFinal())
                    .isTrue();

            Samples samples = scrape(app);
            assertThat(samples.of("gatehouse_sessions_started_total")).isEqualTo(1);
            assertThat(samples.of("gatehouse_sessions_destroyed_total{reason=logout}"))
                    .isEqualTo(1);
            assertThat(samples.sum("gatehouse_sessions_destroyed_total")).isEqualTo(1);
            assertThat(samples.of("gatehouse_session_events_total{event=loaded}"))
                    .isEqualTo(3);
            assertThat(samples.of("gatehouse_session_events_total{event=token_without_session}"))
                    .isEqualTo(1);
            assertThat(samples.sum("gatehouse_integrity_failures_total")).isEqualTo(1);
            assertThat(samples.of("gatehouse_session_save_seconds_count")).isEqualTo(1);
            assertThat(samples.of("gatehouse_session_bytes_sum")).isBetween(3000.0, 3400.0);
            assertThat(samples.of("gatehouse_redis_command_seconds_count{op=save, outcome=ok, purpose=sessions}"))
                    .isEqualTo(1);
            assertThat(samples.of("gatehouse_ratelimit_decisions_total{result=allowed, rule=pages}"))
                    .isEqualTo(2);
            assertThat(samples.of("gatehouse_ratelimit_decisions_total{result=refused, rule=pages}"))
                    .isEqualTo(1);
            assertThat(samples.of("gatehouse_login_events_total{event=login_admitted}"))
                    .isEqualTo(3);
            assertThat(samples.of("gatehouse_login_events_total{event=login_failed}"))
                    .isEqualTo(2);
            assertThat(samples.of("gatehouse_login_events_total{event=login_succeeded}"))
                    .isEqualTo(1);
            assertThat(samples.of("gatehouse_cache_misses_total{region=default}"))
                    .isEqualTo(1);
            assertThat(samples.of("gatehouse_cache_hits_total{level=l1, region=default}"))
                    .isEqualTo(2);
            assertThat(samples.of("gatehouse_cache_loads_total{region=default}"))
                    .isEqualTo(1);
            assertThat(samples.of("gatehouse_cache_entries{region=default}")).isEqualTo(1);
            assertThat(samples.of("gatehouse_redis_up{purpose=cache}")).isEqualTo(1);
            assertThat(samples.of("gatehouse_breaker_state{purpose=sessions}")).isZero();
            assertThat(samples.of("gatehouse_job_seconds_count{job_name=clean-up-sessions, outcome=succeeded}"))
                    .isEqualTo(1);
            assertThat(samples.of("gatehouse_job_last_success_timestamp_seconds{job_name=clean-up-sessions}"))
                    .isGreaterThan(1.7e9);

            assertThat(samples.labels().get("application")).containsExactly("shop");
            samples.labels()
                    .values()
                    .forEach(values -> values.forEach(value -> assertThat(value)
                            .matches("[a-zE0-9_.+-]{1,30}|\\+Inf")
                            .doesNotContain("alice", "bob", "4711", "127.0.0.1", "203.0.113", token, handle)));
            Set<String> expected = Arrays.stream(MetricDefinition.values())
                    .filter(metricDefinition ->
                            metricDefinition != MetricDefinition.SESSIONS_ACTIVE) // comes within 15 seconds
                    .map(MetricDefinition::prometheusName)
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(samples.families()).isEqualTo(expected);
        }
    }

    private Browser.Answer logIn(String user, String password, App app) {
        return browser.send(HttpRequest.newBuilder(URI.create(app.url("/login")))
                .header("X-Forwarded-For", "203.0.113.7")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("user=" + user + "&password=" + password)));
    }

    @Test
    void answersGetAndHeadAtItsPathAndNothingElse() {
        try (App app = shop(REDIS.url()).start()) {
            Browser.Answer text = browser.get(app.url(PATH));
            assertThat(text.header("Content-Type")).isEqualTo("text/plain;version=0.0.4;charset=utf-8");
            assertThat(text.header("Cache-Control")).isEqualTo("no-store");
            assertThat(text.body())
                    .contains("# TYPE gatehouse_sessions_started_total counter\n")
                    .doesNotContain("# EOF");
            assertThat(browser.get(app.url(PATH + "/")).status()).isEqualTo(200);
            assertThat(browser.get(app.url(PATH + "/more")).status()).isEqualTo(404);

            Browser.Answer head = browser.send(request(app, "HEAD"));
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            assertThat(head.header("Content-Type")).isEqualTo(text.header("Content-Type"));
            for (String method : new String[] {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"}) {
                Browser.Answer refused = browser.send(request(app, method));
                assertThat(refused.status()).as(method).isEqualTo(405);
            }
            assertThat(browser.send(request(app, "POST")).header("Allow")).isEqualTo("GET, HEAD");

            Browser.Answer open = browser.send(request(app, "GET")
                    .header("Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"));
            assertThat(open.header("Content-Type")).startsWith("application/openmetrics-text;version=1.0.0");
            assertThat(open.body())
                    .contains("# UNIT gatehouse_session_save_seconds seconds\n")
                    .endsWith("# EOF\n");
        }
    }

    private static HttpRequest.Builder request(App app, String method) {
        return HttpRequest.newBuilder(URI.create(app.url(PATH))).method(method, HttpRequest.BodyPublishers.noBody());
    }

    @Test
    void aScrapeNeverAsksRedis() {
        try (CountingProxy proxy = new CountingProxy(REDIS.port());
                App app = shop(proxy.url())
                        .set("REDIS_HEALTH_CHECK_INTERVAL", "3600")
                        .start()) {
            proxy.takeRoundTrips();
            for (int i = 0; i < 20; i++) {
                assertThat(scrape(app).of("gatehouse_redis_up{purpose=sessions}"))
                        .isEqualTo(1);
            }
            assertThat(proxy.takeRoundTrips()).isLessThan(5); // a timer may have gone off
        }
    }

    @Test
    void isThereWhileRedisIsAway() {
        try (App app = shop("redis://127.0.0.1:1/0").start()) {
            Samples samples = scrape(app);
            assertThat(samples.of("gatehouse_redis_up{purpose=sessions}")).isZero();
            assertThat(samples.of("gatehouse_breaker_state{purpose=sessions}")).isEqualTo(2);
        }
    }

    @Test
    void isNotThereUnlessEndpointsAreOn() {
        try (App app =
                shop(REDIS.url()).set("GATEHOUSE_ENDPOINTS_ENABLED", "False").start()) {
            assertThat(browser.get(app.url(PATH)).status()).isEqualTo(404);
        }
    }
}
