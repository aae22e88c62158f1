package io.gatehouse.internal.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.session.SaveObserver;
import io.gatehouse.internal.session.SessionObserver;
import io.gatehouse.internal.session.SessionRepository;
import io.gatehouse.internal.session.SessionSettings;
import io.gatehouse.jobs.JobState;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.Keys;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The metrics in an SDK of OpenTelemetry. */
@RedisTest
class OpenTelemetryMetricsTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private final InMemoryMetricReader reader = InMemoryMetricReader.create();
    private final OpenTelemetry sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder().build())
            .setMeterProvider(
                    SdkMeterProvider.builder().registerMetricReader(reader).build())
            .build();

    @BeforeEach
    @AfterEach
    void reset() {
        GlobalOpenTelemetry.resetForTest();
    }

    private Map<String, MetricData> collect() {
        return reader.collectAllMetrics().stream().collect(Collectors.toMap(MetricData::getName, metric -> metric));
    }

    private static MetricData get(Map<String, MetricData> metrics, String name) {
        return Objects.requireNonNull(metrics.get(name), name);
    }

    /** The table of names, which the reference page contains. */
    private static String table() {
        return Arrays.stream(MetricDefinition.values())
                .map(definition -> "| `" + definition.prometheusName() + "` | `" + definition.openTelemetryName()
                        + "` | " + definition.openTelemetryUnit() + " |\n")
                .collect(Collectors.joining());
    }

    @Test
    void theReferencePageListsTheNameOfEveryMetric() throws IOException {
        assertThat(Files.readString(Path.of("src/docs/reference/metrics.md"))).contains(table());
    }

    @Test
    void everyNameIsUniqueAndBecomesThePrometheusNameInExporters() {
        Set<String> names = new TreeSet<>();
        for (MetricDefinition definition : MetricDefinition.values()) {
            String name = definition.openTelemetryName();
            assertThat(names.add(name)).as(name).isTrue();
            String exported = name.replace('.', '_');
            String unit = definition.unit();
            exported += unit.isEmpty() || exported.endsWith("_" + unit) ? "" : "_" + unit;
            exported += definition.kind() == MetricDefinition.Kind.COUNTER ? "_total" : "";
            assertThat(exported).isEqualTo(definition.prometheusName());
        }
    }

    @Test
    void theSdkSeesTheNumbersOfThePrometheusPage() {
        GlobalOpenTelemetry.set(sdk);
        try (App app = App.with(REDIS.url())
                .path("/shop")
                .set("GATEHOUSE_ENDPOINTS_ENABLED", "True")
                .set("GATEHOUSE_CACHE_ENABLED", "True")
                .set("REDIS_URL", REDIS.url())
                .set("REDIS_CACHE_WARMING_URL", REDIS.url())
                .set("GATEHOUSE_RATE_LIMITS", "all.match = /*\nall.level = ip\nall.limit = 100/m")
                .on("/page", (request, response) -> request.getSession().setAttribute("n", 1))
                .start()) {
            new Browser().get(app.url("/page"));
            app.gatehouse().cache().getOrSet("otel-" + System.nanoTime(), () -> "value", Duration.ofSeconds(20));
            String run = app.gatehouse().jobs().submit("clean-up-sessions", Map.of());
            app.gatehouse().jobs().await(run, Duration.ofSeconds(20));

            Samples page = new Samples(
                    new Browser().get(app.url("/api/v1/core/metrics")).body());
            Map<String, MetricData> metrics = collect();
            Set<String> expected = Arrays.stream(MetricDefinition.values())
                    .filter(definition -> page.families().contains(definition.prometheusName()))
                    .map(MetricDefinition::openTelemetryName)
                    .collect(Collectors.toCollection(TreeSet::new));
            metrics.remove("gatehouse.sessions.active"); // may appear between the two
            expected.remove("gatehouse.sessions.active");
            assertThat(metrics.keySet()).containsExactlyInAnyOrderElementsOf(expected);

            MetricData started = get(metrics, "gatehouse.sessions.started");
            assertThat(started.getDoubleSumData().isMonotonic()).isTrue();
            assertThat(started.getDoubleSumData().getPoints()).singleElement().satisfies(point -> {
                assertThat(point.getValue()).isEqualTo(page.of("gatehouse_sessions_started_total"));
                assertThat(point.getAttributes().get(AttributeKey.stringKey("application")))
                        .isEqualTo("shop");
            });
            MetricData saves = get(metrics, "gatehouse.session.save");
            assertThat(saves.getUnit()).isEqualTo("s");
            HistogramPointData save =
                    saves.getHistogramData().getPoints().iterator().next();
            assertThat(save.getCount()).isEqualTo(1);
            assertThat(save.getBoundaries()).startsWith(0.00025).endsWith(1.0);
            assertThat(get(metrics, "gatehouse.ratelimit.decisions")
                            .getDoubleSumData()
                            .getPoints())
                    .anySatisfy(point -> {
                        assertThat(point.getAttributes().get(AttributeKey.stringKey("rule")))
                                .isEqualTo("all");
                        assertThat(point.getValue()).isEqualTo(1);
                    });
            assertThat(get(metrics, "gatehouse.redis.up").getDoubleGaugeData().getPoints())
                    .hasSize(RedisPurpose.values().length);
        }
        assertThat(collect()).as("after the end").doesNotContainKey("gatehouse.redis.up");
    }

    @Test
    void aCollectionHasTheActiveSessionsCounted() {
        GatehouseMetrics gatehouseMetrics = new GatehouseMetrics("shop", InstantSource.system(), System::nanoTime);
        RedisConnections redis = Connections.to(REDIS.url());
        SessionRepository sessions = new SessionRepository(
                SessionSettings.from(new Config(List.of()), ""),
                Keys.random(),
                redis,
                null,
                InstantSource.system(),
                SessionObserver.NONE,
                SaveObserver.NONE);
        gatehouseMetrics.observe(sessions.counters(), () -> 7);
        try (redis;
                OpenTelemetryMetrics metrics = new OpenTelemetryMetrics(gatehouseMetrics, sdk)) {
            assertThat(metrics).isNotNull();
            gatehouseMetrics.refresh();
            assertThat(collect()).doesNotContainKey("gatehouse.sessions.active");
            gatehouseMetrics.refresh();
            assertThat(get(collect(), "gatehouse.sessions.active")
                            .getDoubleGaugeData()
                            .getPoints()
                            .iterator()
                            .next()
                            .getValue())
                    .isEqualTo(7);
        }
    }

    @Test
    void histogramsStopWithTheMetrics() {
        GatehouseMetrics gatehouseMetrics = new GatehouseMetrics("shop", InstantSource.system(), System::nanoTime);
        OpenTelemetryMetrics metrics = new OpenTelemetryMetrics(gatehouseMetrics, sdk);
        gatehouseMetrics.jobs().ended("warm-all", JobState.SUCCEEDED, Duration.ofSeconds(2));
        metrics.close();
        gatehouseMetrics.jobs().ended("warm-all", JobState.SUCCEEDED, Duration.ofSeconds(2));
        assertThat(get(collect(), "gatehouse.job.seconds")
                        .getHistogramData()
                        .getPoints()
                        .iterator()
                        .next()
                        .getCount())
                .isEqualTo(1);
    }

    @Test
    void nothingStaysRegisteredIfTheApiIsTooOldForHistograms() {
        GatehouseMetrics gatehouseMetrics = new GatehouseMetrics("shop", InstantSource.system(), System::nanoTime);
        gatehouseMetrics.jobs().ended("warm-all", JobState.SUCCEEDED, Duration.ofSeconds(2));
        OpenTelemetry old = wrapped(
                OpenTelemetry.class,
                (method, arguments) -> wrapped(Meter.class, (name, values) -> {
                    if (name.equals("histogramBuilder")) {
                        throw new NoSuchMethodError("setExplicitBucketBoundariesAdvice");
                    }
                    return method(Meter.class, name, values).invoke(sdk.getMeter("test"), values);
                }));
        assertThatThrownBy(() -> new OpenTelemetryMetrics(gatehouseMetrics, old))
                .isInstanceOf(NoSuchMethodError.class);
        assertThat(collect()).isEmpty();
    }

    /** Implements a method of an interface, given by its name. */
    private interface Answer {
        Object to(String method, Object[] arguments) throws Exception;
    }

    private static <T> T wrapped(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answer.to(method.getName(), arguments)));
    }

    private static Method method(Class<?> type, String name, Object[] values) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getName().equals(name) && method.getParameterCount() == values.length)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void withoutAnSdkThereIsNothingToRegister() {
        assertThat(OpenTelemetryMetrics.isRecording(OpenTelemetry.noop())).isFalse();
        assertThat(OpenTelemetryMetrics.isRecording(sdk)).isTrue();
    }
}
