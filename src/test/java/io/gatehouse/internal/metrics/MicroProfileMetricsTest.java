package io.gatehouse.internal.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.session.SessionObserver;
import io.gatehouse.internal.session.SessionRepository;
import io.gatehouse.internal.session.SessionSettings;
import io.gatehouse.jobs.JobState;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.Keys;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricID;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;
import org.junit.jupiter.api.Test;

/** The metrics in a MicroProfile registry, with a fake one. The registries of servers are tested on the servers. */
class MicroProfileMetricsTest {
    private final AtomicLong nanos = new AtomicLong();
    private final GatehouseMetrics gatehouseMetrics = new GatehouseMetrics("shop", InstantSource.system(), nanos::get);
    private final Map<MetricID, Supplier<?>> gauges = new TreeMap<>();
    private final Map<String, String> help = new TreeMap<>();

    @SuppressWarnings("unchecked")
    private final MetricRegistry registry = (MetricRegistry) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {MetricRegistry.class}, (proxy, method, arguments) -> {
                if (method.getName().equals("gauge") && arguments[0] instanceof Metadata metadata) {
                    help.put(metadata.getName(), metadata.getDescription());
                    Supplier<?> before = gauges.put(
                            new MetricID(metadata.getName(), (Tag[]) arguments[2]), (Supplier<Number>) arguments[1]);
                    assertThat(before).as(metadata.getName()).isNull();
                    return null;
                }
                if (method.getName().equals("remove")) {
                    return gauges.remove((MetricID) arguments[0]) != null;
                }
                throw new UnsupportedOperationException(method.getName());
            });

    @Test
    void registersNewMetricsReadsCurrentValuesAndRemovesAllOnClose() {
        MicroProfileMetrics metrics = new MicroProfileMetrics(gatehouseMetrics, registry, nanos::get);
        metrics.refresh();
        gatehouseMetrics.jobs().ended("warm-all", JobState.SUCCEEDED, Duration.ofSeconds(2));
        metrics.refresh();
        Tag[] tags = {new Tag("application", "shop"), new Tag("job_name", "warm-all"), new Tag("outcome", "succeeded")};
        MetricID count = new MetricID("gatehouse_job_seconds_count", tags);
        MetricID sum = new MetricID("gatehouse_job_seconds_sum", tags);
        assertThat(value(count)).isEqualTo(1.0);
        assertThat(help).containsEntry("gatehouse_job_seconds_sum", MetricDefinition.JOB_SECONDS.help());

        gatehouseMetrics.jobs().ended("warm-all", JobState.SUCCEEDED, Duration.ofSeconds(3));
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(value(count)).isEqualTo(2.0);
        assertThat(value(sum)).isEqualTo(5.0);
        assertThat(gauges.keySet())
                .allMatch(id -> "shop".equals(id.getTags().get("application")))
                .allMatch(id -> id.getName().startsWith("gatehouse_"));

        metrics.close();
        assertThat(gauges).isEmpty();
    }

    /** Gatehouse looks for new metrics every 15 seconds. That alone must not make it count the sessions in Redis. */
    @Test
    void countsSessionsOnlyAfterTheServerHasReadAValue() {
        try (RedisConnections unreachable = Connections.with(
                Map.of("REDIS_SESSION_URL", "redis://127.0.0.1:1/0", "REDIS_CONNECTION_TIMEOUT", "1"))) {
            Config config = new Config(List.of());
            SessionRepository sessionRepository = new SessionRepository(
                    SessionSettings.from(config, ""),
                    Keys.random(),
                    unreachable,
                    null,
                    InstantSource.system(),
                    SessionObserver.NONE,
                    gatehouseMetrics.saves());
            AtomicLong counted = new AtomicLong();
            gatehouseMetrics.observe(sessionRepository.counters(), counted::incrementAndGet);
            MicroProfileMetrics metrics = new MicroProfileMetrics(gatehouseMetrics, registry, nanos::get);
            for (int i = 0; i < 3; i++) {
                metrics.refresh();
                gatehouseMetrics.refresh();
            }
            assertThat(counted).hasValue(0);

            nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
            MetricID started = new MetricID("gatehouse_sessions_started_total", new Tag("application", "shop"));
            assertThat(value(started)).isEqualTo(0.0);
            gatehouseMetrics.refresh();
            assertThat(counted).hasValue(1);
        }
    }

    private Object value(MetricID id) {
        return gauges.getOrDefault(id, () -> "no gauge").get();
    }
}
