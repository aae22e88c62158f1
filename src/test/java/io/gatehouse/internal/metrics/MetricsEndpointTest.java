package io.gatehouse.internal.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.net.URI;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The metrics endpoint: its paths, methods and formats, and that it works without Redis. */
@RedisTest
class MetricsEndpointTest {
    private static final String PATH = "/api/v1/core/metrics";
    private static final TestRedis REDIS = TestRedis.shared();

    private final Browser browser = new Browser();

    private static App.Builder app(String url) {
        return App.with(url).set("GATEHOUSE_ENDPOINTS_ENABLED", "True");
    }

    private static HttpRequest.Builder request(App app, String method) {
        return HttpRequest.newBuilder(URI.create(app.url(PATH))).method(method, HttpRequest.BodyPublishers.noBody());
    }

    @Test
    void servesPrometheusTextByDefault() {
        try (App app = app(REDIS.url()).start()) {
            Browser.Answer text = browser.get(app.url(PATH));
            assertThat(text.header("Content-Type")).isEqualTo("text/plain;version=0.0.4;charset=utf-8");
            assertThat(text.header("Cache-Control")).isEqualTo("no-store");
            assertThat(text.body())
                    .contains("# TYPE gatehouse_sessions_started_total counter\n")
                    .doesNotContain("# EOF");
        }
    }

    @Test
    void servesOpenMetricsToClientsThatAcceptIt() {
        try (App app = app(REDIS.url()).start()) {
            Browser.Answer open = browser.send(request(app, "GET")
                    .header("Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"));
            assertThat(open.header("Content-Type")).startsWith("application/openmetrics-text;version=1.0.0");
            assertThat(open.body())
                    .contains("# UNIT gatehouse_session_save_seconds seconds\n")
                    .endsWith("# EOF\n");
        }
    }

    @Test
    void respondsToHeadWithoutABody() {
        try (App app = app(REDIS.url()).start()) {
            Browser.Answer head = browser.send(request(app, "HEAD"));
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            assertThat(head.header("Content-Type")).isEqualTo("text/plain;version=0.0.4;charset=utf-8");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"})
    void rejectsOtherMethods(String method) {
        try (App app = app(REDIS.url()).start()) {
            Browser.Answer refused = browser.send(request(app, method));
            assertThat(refused.status()).isEqualTo(405);
        }
    }

    @Test
    void namesTheAllowedMethods() {
        try (App app = app(REDIS.url()).start()) {
            assertThat(browser.send(request(app, "POST")).header("Allow")).isEqualTo("GET, HEAD");
        }
    }

    @Test
    void servesItsPathWithATrailingSlashButNothingBelowIt() {
        try (App app = app(REDIS.url()).start()) {
            assertThat(browser.get(app.url(PATH + "/")).status()).isEqualTo(200);
            assertThat(browser.get(app.url(PATH + "/more")).status()).isEqualTo(404);
        }
    }

    @Test
    void aScrapeNeverCallsRedis() {
        try (CountingProxy proxy = new CountingProxy(REDIS.port());
                App app = app(proxy.url())
                        .set("REDIS_HEALTH_CHECK_INTERVAL", "3600")
                        .start()) {
            proxy.takeRoundTrips();
            for (int i = 0; i < 20; i++) {
                assertThat(scrape(app).of("gatehouse_redis_up{purpose=sessions}"))
                        .isEqualTo(1);
            }
            assertThat(proxy.takeRoundTrips()).isLessThan(5); // a periodic task may have run
        }
    }

    @Test
    void worksWhileRedisIsUnavailable() {
        try (App app = app("redis://127.0.0.1:1/0").start()) {
            Samples samples = scrape(app);
            assertThat(samples.of("gatehouse_redis_up{purpose=sessions}")).isZero();
            assertThat(samples.of("gatehouse_breaker_state{purpose=sessions}")).isEqualTo(2);
        }
    }

    @Test
    void isNotServedUnlessEndpointsAreEnabled() {
        try (App app =
                app(REDIS.url()).set("GATEHOUSE_ENDPOINTS_ENABLED", "False").start()) {
            assertThat(browser.get(app.url(PATH)).status()).isEqualTo(404);
        }
    }

    private Samples scrape(App app) {
        Browser.Answer answer = browser.get(app.url(PATH));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return new Samples(answer.body());
    }
}
