package io.gatehouse.internal.wiring;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.gatehouse.Gatehouse;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starting and stopping Gatehouse in an application. */
@RedisTest
class StartTest {
    private static final TestRedis REDIS = TestRedis.shared();

    @Test
    void doesNotStartWithAnInvalidConfigurationAndReportsAllProblems() {
        App.Builder broken = App.with("redis://h:x")
                .set("GATEHOUSE_KEYS", "")
                .set("REDIS_CONNECTION_POOL_SIZE", "abc")
                .set("GATEHOUSE_SESSION_SERIALIZATION", "anything")
                .set("GATEHOUSE_FILTER_EXCLUDE", "no-slash");
        try (LogCapture log = new LogCapture("io.gatehouse")) {
            assertThatThrownBy(broken::start).isNotNull();
            assertThat(log.lines())
                    .filteredOn(line -> line.startsWith("SEVERE"))
                    .singleElement(as(STRING))
                    .startsWith("SEVERE Gatehouse cannot start, its configuration has 6 problems:\n  - ");
        }
        assertThatThrownBy(broken::start)
                .hasStackTraceContaining("its configuration has 6 problems")
                .hasStackTraceContaining("REDIS_SESSION_URL is 'redis://***' (context parameters)")
                .hasStackTraceContaining("GATEHOUSE_KEYS is")
                .hasStackTraceContaining("REDIS_CONNECTION_POOL_SIZE is 'abc'")
                .hasStackTraceContaining(
                        "GATEHOUSE_SESSION_SERIALIZATION is 'anything' (context parameters); expected one of signed, listed")
                .hasStackTraceContaining("GATEHOUSE_FILTER_EXCLUDE is 'no-slash'");
    }

    @Test
    void doesNotStartWithInvalidRateLimits() {
        App.Builder broken =
                App.with(REDIS.url()).set("GATEHOUSE_RATE_LIMITS", "{\n\"rules\": {\"r\": {\"limit\": 5}}}");
        assertThatThrownBy(broken::start)
                .hasStackTraceContaining(
                        "GATEHOUSE_RATE_LIMITS, line 2: r.limit is '5'; expected a limit such as 5/min")
                .hasStackTraceContaining("GATEHOUSE_RATE_LIMITS, line 2: rule 'r' has no level");
    }

    @Test
    void readsTheRateLimitsOfTheApplication(@TempDir Path folder) throws IOException {
        Files.writeString(
                Files.createDirectory(folder.resolve("WEB-INF")).resolve("gatehouse-limits.properties"),
                "own.level = planet");
        App.Builder broken = App.with(REDIS.url())
                .set("GATEHOUSE_RATE_LIMITS", "")
                .customize(context -> context.setDocBase(folder.toString()));
        assertThatThrownBy(broken::start)
                .hasStackTraceContaining(
                        "/WEB-INF/gatehouse-limits.properties, line 1: own.level is 'planet'; expected ip,");
    }

    @Test
    void loadsJsonBOnlyIfASettingNeedsIt() {
        try (App app = App.with(REDIS.url()).start()) {
            assertThat(app.gatehouse().components().json()).isEmpty();
        }
        for (String needing :
                List.of("GATEHOUSE_SESSION_JSON_TYPES", "GATEHOUSE_CACHE_JSON_TYPES", "GATEHOUSE_WARM_OAUTH_ISSUERS")) {
            String value = needing.endsWith("ISSUERS") ? "https://login.example.com" : "com.example.Profile";
            try (App app = App.with(REDIS.url())
                    .set("GATEHOUSE_CACHE_ENABLED", "True")
                    .set("REDIS_URL", REDIS.url())
                    .set(needing, value)
                    .start()) {
                assertThat(app.gatehouse().components().json()).as(needing).isPresent();
            }
        }
    }

    @Test
    void doesNothingWhenDisabled() {
        try (App app = App.with(REDIS.url())
                .set("GATEHOUSE_ENABLED", "False")
                .on("/make", (request, response) -> request.getSession())
                .start()) {
            assertThat(new Browser().get(app.url("/make")).setCookies())
                    .singleElement()
                    .asString()
                    .startsWith("JSESSIONID=");
            assertThat(Gatehouse.of(app.context().getServletContext())).isEmpty();
        }
    }

    @Test
    void theFilterIgnoresExcludedPaths() {
        try (App app = App.with(REDIS.url())
                .set("GATEHOUSE_FILTER_EXCLUDE", "/static/*, *.css, /exact")
                .on(
                        "/",
                        (request, response) -> response.getWriter()
                                .print(request.getSession().toString().startsWith("session ")))
                .start()) {
            for (String path : new String[] {"/static", "/static/a/b", "/x/y.css", "/exact"}) {
                assertThat(new Browser().get(app.url(path)).body()).as(path).isEqualTo("false");
            }
            for (String path : new String[] {"/", "/staticx", "/x.cssx", "/exact/more"}) {
                assertThat(new Browser().get(app.url(path)).body()).as(path).isEqualTo("true");
            }
        }
    }

    @Test
    void logsAMissingApiOnceAndWarnsOfMisspelledNames() {
        try (LogCapture log = new LogCapture("io.gatehouse");
                App app = App.with(REDIS.url()).set("GATEHOUSE_COKIE_NAME", "x").start()) {
            assertThat(app.gatehouse().health()).isNotNull();
            assertThat(log.lines())
                    .containsOnlyOnce(
                            "WARNING GATEHOUSE_COKIE_NAME (context parameters) is not a setting of Gatehouse; did you mean GATEHOUSE_COOKIE_NAME?")
                    .filteredOn(line -> line.contains("MicroProfile Config is not available"))
                    .hasSize(1);
            assertThat(log.lines())
                    .anyMatch(line -> line.matches(
                            "INFO Gatehouse guards /: application ROOT, signing key t1, rate limits [0-9a-f]{12}"));
            assertThat(String.join("\n", log.lines())).doesNotContain(App.KEYS.substring(3));
        }
    }

    @Test
    void aStoppedApplicationLeavesNoThread() {
        Set<Thread> before = threads();
        for (int i = 0; i < 3; i++) {
            try (App app = App.with(REDIS.url())
                    .on("/make", (request, response) -> request.getSession())
                    .start()) {
                assertThat(new Browser().get(app.url("/make")).status()).isEqualTo(200);
            }
        }
        io.gatehouse.testing.Eventually.holds(
                "the threads of Gatehouse have ended", java.time.Duration.ofSeconds(10), () -> {
                    Set<Thread> now = threads();
                    now.removeAll(before);
                    return now.isEmpty();
                });
        assertThat(RunningApplications.current()).isNull();
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("gatehouse")
                        || thread.getName().startsWith("commons-pool")
                        || thread.getName().contains("Sentinel"))
                .collect(Collectors.toSet());
    }
}
