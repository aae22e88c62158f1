package io.gatehouse.internal.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.cache.CacheLoadFailedException;
import io.gatehouse.cache.CacheManager;
import io.gatehouse.jobs.JobState;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Spans outside of requests, and what Gatehouse does about a missing, late or broken SDK. */
@RedisTest
class BackgroundSpansTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static final Duration SOON = Duration.ofSeconds(20);

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final OpenTelemetry sdk = sdk(SimpleSpanProcessor.create(spans));

    private static OpenTelemetry sdk(SpanProcessor processor) {
        return OpenTelemetrySdk.builder()
                .setTracerProvider(
                        SdkTracerProvider.builder().addSpanProcessor(processor).build())
                .build();
    }

    @BeforeEach
    @AfterEach
    void reset() {
        GlobalOpenTelemetry.resetForTest();
    }

    private static App.Builder app() {
        return App.with(REDIS.url())
                .set("GATEHOUSE_CACHE_ENABLED", "True")
                .set("REDIS_URL", REDIS.url())
                .set("REDIS_CACHE_WARMING_URL", REDIS.url())
                .on("/count", (request, response) -> {
                    request.getSession().setAttribute("n", System.nanoTime());
                    response.getWriter().print("counted");
                });
    }

    private Optional<SpanData> find(String name) {
        return spans.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals(name))
                .findFirst();
    }

    @Test
    void aLoaderRunsBelowTheSpanOfTheCaller() {
        GlobalOpenTelemetry.set(sdk);
        try (App app = app().start()) {
            CacheManager cache = app.gatehouse().cache();
            Span span = sdk.getTracer("t").spanBuilder("caller").startSpan();
            try (Scope scope = span.makeCurrent()) {
                assertThat(scope).isNotNull();
                cache.getOrSet(
                        "telemetry-" + System.nanoTime(),
                        () -> {
                            sdk.getTracer("t").spanBuilder("query").startSpan().end();
                            return "value";
                        },
                        SOON);
            }
            SpanData load = find("gatehouse.cache.load").orElseThrow();
            assertThat(load.getParentSpanId()).isEqualTo(span.getSpanContext().getSpanId());
            assertThat(load.getAttributes().get(AttributeKey.stringKey("gatehouse.cache.region")))
                    .isEqualTo("default");
            assertThat(find("query").orElseThrow().getParentSpanId()).isEqualTo(load.getSpanId());
        }
    }

    @Test
    void aFailedLoaderIsNamedByItsClassOnly() {
        GlobalOpenTelemetry.set(sdk);
        try (App app = app().start()) {
            assertThatThrownBy(() -> app.gatehouse()
                            .cache()
                            .getOrSet(
                                    "telemetry-" + System.nanoTime(),
                                    () -> {
                                        throw new IllegalStateException("the password is hunter2");
                                    },
                                    SOON))
                    .isInstanceOf(CacheLoadFailedException.class);
            SpanData load = find("gatehouse.cache.load").orElseThrow();
            assertThat(load.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            assertThat(load.getAttributes().get(AttributeKey.stringKey("error.type")))
                    .isEqualTo("java.lang.IllegalStateException");
            assertThat(spans.getFinishedSpanItems().toString()).doesNotContain("hunter2");
        }
    }

    @Test
    void aJobHasASpanWithItsName() {
        GlobalOpenTelemetry.set(sdk);
        try (App app = app().start()) {
            String run = app.gatehouse().jobs().submit("clean-up-sessions", Map.of());
            assertThat(app.gatehouse().jobs().await(run, SOON).state()).isEqualTo(JobState.SUCCEEDED);
            assertThat(find("gatehouse.job.run")
                            .orElseThrow()
                            .getAttributes()
                            .get(AttributeKey.stringKey("gatehouse.job.name")))
                    .isEqualTo("clean-up-sessions");
        }
    }

    @Test
    void withoutAnSdkTheApplicationCanStillRegisterOne() {
        try (App app = app().start()) {
            assertThat(new Browser().get(app.url("/count")).body()).isEqualTo("counted");
            GlobalOpenTelemetry.set(sdk); // throws if the global instance is initialized
            assertThat(spans.getFinishedSpanItems()).isEmpty();
        }
    }

    /** A span processor that throws whatever happens. */
    private static final class Broken implements SpanProcessor {
        @Override
        public void onStart(Context parent, ReadWriteSpan span) {
            throw new IllegalStateException("broken");
        }

        @Override
        public boolean isStartRequired() {
            return true;
        }

        @Override
        public void onEnd(ReadableSpan span) {
            throw new IllegalStateException("broken");
        }

        @Override
        public boolean isEndRequired() {
            return true;
        }
    }

    @Test
    void aBrokenSdkBreaksNoRequestAndNoJob() {
        GlobalOpenTelemetry.set(sdk(new Broken()));
        try (App app = app().start()) {
            Browser browser = new Browser();
            assertThat(browser.get(app.url("/count")).body()).isEqualTo("counted");
            assertThat(browser.get(app.url("/count")).body()).isEqualTo("counted");
            String run = app.gatehouse().jobs().submit("clean-up-sessions", Map.of());
            Eventually.within(
                    SOON,
                    () -> assertThat(app.gatehouse().jobs().await(run, SOON).state())
                            .isEqualTo(JobState.SUCCEEDED));
        }
    }
}
