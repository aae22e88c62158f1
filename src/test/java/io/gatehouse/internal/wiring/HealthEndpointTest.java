package io.gatehouse.internal.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Browser.Answer;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The health endpoint: its reports, its paths, and that a request costs no round trip to Redis. */
@RedisTest
class HealthEndpointTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static final String UNREACHABLE = "redis://127.0.0.1:1/0";
    private static final String BASE = "/api/v1/core/health/";

    private final Browser browser = new Browser();

    private static App.Builder app(String url) {
        return App.with(url).set("GATEHOUSE_ENDPOINTS_ENABLED", "yes");
    }

    private JsonObject json(Answer answer) {
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        return Json.createReader(new StringReader(answer.body())).readObject();
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "cache", "system", "live", "ready", "started"})
    void respondsWithAndWithoutATrailingSlash(String name) {
        try (App app = app(REDIS.url()).start()) {
            for (String path : new String[] {BASE + name, BASE + name + "/"}) {
                Answer answer = browser.get(app.url(path));
                assertThat(answer.status()).isEqualTo(200);
                assertThat(json(answer).getString("status")).isEqualTo("UP");
            }
        }
    }

    @Test
    void reportsTheStateOfRedisButNeitherAddressNorVersion() {
        try (App app = app(REDIS.url()).start()) {
            Answer answer = browser.get(app.url(BASE + "redis"));
            JsonObject sessions = json(answer).getJsonObject("sessions");
            assertThat(sessions.getString("mode")).isEqualTo("standalone");
            assertThat(sessions.getString("role")).isEqualTo("master");
            assertThat(sessions.getString("breaker")).isEqualTo("closed");
            assertThat(sessions.getJsonObject("pool").keySet()).containsExactly("active", "idle", "waiting", "size");
            JsonObject server = sessions.getJsonArray("servers").getJsonObject(0);
            assertThat(server.getString("maxMemoryPolicy")).isEqualTo("noeviction");
            assertThat(server.getInt("replicas")).isZero();
            assertThat(server.keySet()).doesNotContain("version");
            assertThat(answer.body()).doesNotContain("127.0.0.1", "localhost", Integer.toString(REDIS.port()));
        }
    }

    @Test
    void sessionsAndReadinessAreDownWithoutRedis() {
        try (App app = app(UNREACHABLE).start()) {
            Answer answer = browser.get(app.url(BASE + "redis/"));
            assertThat(answer.status()).isEqualTo(503);
            assertThat(json(answer).getString("status")).isEqualTo("DOWN");
            assertThat(json(answer).getJsonObject("sessions").getString("fault"))
                    .isEqualTo("unreachable");
            assertThat(browser.get(app.url(BASE + "system")).status()).isEqualTo(503);
            assertThat(browser.get(app.url(BASE + "ready")).status()).isEqualTo(503);
            assertThat(browser.get(app.url(BASE + "live")).status()).isEqualTo(200);
            assertThat(browser.get(app.url(BASE + "started")).status()).isEqualTo(200);
        }
    }

    @Test
    void withOptionalReadinessANodeWithoutRedisIsReadyButDegraded() {
        try (App app = app(UNREACHABLE).set("GATEHOUSE_READINESS", "optional").start()) {
            Answer answer = browser.get(app.url(BASE + "ready"));
            assertThat(answer.status()).isEqualTo(200);
            JsonObject check = json(answer).getJsonArray("checks").getJsonObject(0);
            assertThat(check.getString("name")).isEqualTo("gatehouse-redis/ROOT");
            assertThat(check.getString("status")).isEqualTo("UP");
            assertThat(check.getJsonObject("data").getBoolean("degraded")).isTrue();
            assertThat(check.getJsonObject("data").getString("sessions.status")).isEqualTo("DOWN");
        }
    }

    @Test
    void aCacheWithoutRedisIsDownAndTheSystemDegraded() {
        try (App app = app(REDIS.url())
                .set("GATEHOUSE_CACHE_ENABLED", "True")
                .set("REDIS_URL", UNREACHABLE)
                .set("REDIS_CACHE_WARMING_URL", UNREACHABLE)
                .start()) {
            assertThat(browser.get(app.url(BASE + "cache")).status()).isEqualTo(503);
            Answer system = browser.get(app.url(BASE + "system"));
            assertThat(system.status()).isEqualTo(200);
            assertThat(json(system).getBoolean("degraded")).isTrue();
        }
    }

    @Test
    void aDisabledCacheIsNotAFault() {
        try (App app = app(REDIS.url()).start()) {
            assertThat(json(browser.get(app.url(BASE + "cache"))).getBoolean("enabled"))
                    .isFalse();
        }
    }

    @Test
    void aHealthRequestCostsNoRoundTripAndIsNotRateLimited() {
        try (CountingProxy proxy = new CountingProxy(REDIS.port());
                App app = app(proxy.url())
                        .set("GATEHOUSE_RATE_LIMITS", "all.match = /*\nall.level = global\nall.limit = 1/hour")
                        .start()) {
            browser.get(app.url(BASE + "redis"));
            proxy.takeRoundTrips();
            for (String name : new String[] {"redis", "cache", "system", "live", "ready", "started"}) {
                assertThat(browser.get(app.url(BASE + name)).status()).isEqualTo(200);
            }
            assertThat(proxy.takeRoundTrips()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "redis/x", "live/../x", "REDIS"})
    void respondsNotFoundToAnUnknownReport(String below) {
        try (App app = app(REDIS.url()).start()) {
            assertThat(browser.get(app.url(BASE + below)).status()).isEqualTo(404);
        }
    }

    @Test
    void servesTheConfiguredPathsOnly() {
        try (App app = app(REDIS.url())
                .set("GATEHOUSE_ENDPOINTS_PREFIX", "/ops")
                .set("GATEHOUSE_PROBES_PATH", "/probes")
                .start()) {
            assertThat(browser.get(app.url("/ops/health/redis")).status()).isEqualTo(200);
            assertThat(browser.get(app.url(BASE + "redis")).status()).isEqualTo(404);
            assertThat(browser.get(app.url("/probes/ready")).status()).isEqualTo(200);
            assertThat(browser.get(app.url("/probes/redis")).status()).isEqualTo(404);
        }
        try (App app = App.with(REDIS.url()).start()) {
            assertThat(browser.get(app.url(BASE + "redis/")).status()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ops", "/ops/", "/a b", "/*", "//"})
    void rejectsAPrefixThatIsNotAPath(String prefix) {
        assertThatThrownBy(() -> app(REDIS.url())
                        .set("GATEHOUSE_ENDPOINTS_PREFIX", prefix)
                        .start())
                .hasStackTraceContaining("GATEHOUSE_ENDPOINTS_PREFIX is '" + prefix + "'");
    }

    /** If the path were excluded from the filter, the application would get a session of the container, and no rate limit would apply. */
    @ParameterizedTest
    @ValueSource(strings = {BASE + "*", BASE + "redis", BASE + "mine"})
    void aPathThatTheApplicationMapsIsServedByTheApplicationAndGuarded(String mapping) {
        try (App app = app(REDIS.url())
                .on(mapping, (request, response) -> {
                    request.getSession().setAttribute("mine", true);
                    response.getWriter().write("mine");
                })
                .start()) {
            Answer answer = browser.get(app.url(mapping.replace("*", "redis")));
            assertThat(answer.body()).isEqualTo("mine");
            assertThat(answer.setCookies()).singleElement().asString().startsWith("sid=");
        }
    }
}
