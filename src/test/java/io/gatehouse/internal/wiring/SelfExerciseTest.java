package io.gatehouse.internal.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The requests that a new node makes to itself before it reports ready. */
@RedisTest
class SelfExerciseTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static final Duration LONG = Duration.ofSeconds(30);

    @BeforeEach
    void empty() {
        REDIS.flush();
    }

    private static App.Builder app(String url) {
        return App.with(url)
                .set("GATEHOUSE_ENDPOINTS_ENABLED", "True")
                .set("GATEHOUSE_PROBES_PATH", "/health")
                .set("GATEHOUSE_WARM_UP", "True");
    }

    @Test
    void aNodeIsReadyAfterItsWarmUpWhichLeavesNothingBehind() {
        AtomicInteger requests = new AtomicInteger();
        try (LogCapture log = new LogCapture("io.gatehouse");
                App app = app(REDIS.url())
                        .on("/", (request, response) -> requests.incrementAndGet())
                        .start()) {
            Eventually.within(
                    LONG,
                    () -> assertThat(new Browser().get(app.url("/health/ready")).status())
                            .isEqualTo(200));
            assertThat(log.lines()).anyMatch(line -> line.matches(".*Warmed up with [1-9][0-9.,]* requests in .*"));
            assertThat(requests).hasValue(0);
            assertThat(new Browser().get(app.url("/api/v1/core/metrics")).body())
                    .doesNotContain("warm-up")
                    .contains("gatehouse_sessions_started_total{application=\"ROOT\"} 0.0");
        }
        Eventually.within(
                LONG,
                () -> assertThat(REDIS.keys().stream().filter(key -> key.contains("warm-up")))
                        .isEmpty());
    }

    @Test
    void aNodeIsNotReadyBeforeItsWarmUpHasEnded() {
        try (App app = app(REDIS.url()).start()) {
            String first = new Browser().get(app.url("/health/ready")).body();
            assertThat(first).contains("DOWN");
            assertThat(new Browser().get(app.url("/health/live")).status()).isEqualTo(200);
        }
    }

    @Test
    void withoutRedisTheWarmUpIsSkipped() {
        try (LogCapture log = new LogCapture("io.gatehouse");
                App app = app("redis://127.0.0.1:1")
                        .set("GATEHOUSE_READINESS", "optional")
                        .start()) {
            Eventually.within(
                    LONG, () -> assertThat(log.lines()).anyMatch(line -> line.contains("The warm-up was skipped")));
            Eventually.within(
                    LONG,
                    () -> assertThat(new Browser().get(app.url("/health/ready")).status())
                            .isEqualTo(200));
        }
    }
}
