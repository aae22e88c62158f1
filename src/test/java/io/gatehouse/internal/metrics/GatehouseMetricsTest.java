package io.gatehouse.internal.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.RedisObserver;
import io.gatehouse.internal.redis.RedisSettings;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.session.SessionObserver;
import io.gatehouse.internal.session.SessionRepository;
import io.gatehouse.internal.session.SessionSettings;
import io.gatehouse.jobs.JobState;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.Keys;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The metrics of an application, without a container. */
@RedisTest
class GatehouseMetricsTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static final EnumSet<RedisPurpose> SESSIONS = EnumSet.of(RedisPurpose.SESSIONS);

    private String checkEvery = "3600";
    private final AtomicLong nanos = new AtomicLong();
    private final GatehouseMetrics gatehouseMetrics =
            new GatehouseMetrics("shop", InstantSource.fixed(Instant.ofEpochSecond(1_800_000_000)), nanos::get);

    private RedisConnections connect(String url, RedisObserver observer) {
        Config config = config(url);
        RedisSettings settings = RedisSettings.from(config);
        config.throwIfBroken();
        RedisConnections connections =
                RedisConnections.openInBackground(settings, SESSIONS, InstantSource.system(), observer);
        connections.awaitFirstProbe();
        return connections;
    }

    private Config config(String url) {
        return new Config(List.of(
                ConfigSource.of("test", Map.of("REDIS_SESSION_URL", url, "REDIS_HEALTH_CHECK_INTERVAL", checkEvery))));
    }

    private SessionRepository sessions(RedisConnections redis) {
        return new SessionRepository(
                SessionSettings.from(config(REDIS.url()), ""),
                Keys.random(),
                redis,
                null,
                InstantSource.system(),
                SessionObserver.NONE,
                gatehouseMetrics.saves());
    }

    @Test
    void measuresEverySaveOnceWithItsFullSize() {
        try (RedisConnections redis = connect(REDIS.url(), gatehouseMetrics.exchanges())) {
            SessionRepository sessionRepository = sessions(redis);
            gatehouseMetrics.observe(sessionRepository.counters(), () -> 0);
            Session session = sessionRepository.create(1800, Map.of());
            session.setAttribute("large", "x".repeat(2000));
            sessionRepository.save(session);
            sessionRepository.save(session); // nothing changed
            session.setAttribute("small", 1);
            sessionRepository.save(session);

            Samples samples = Samples.of(gatehouseMetrics);
            assertThat(samples.of("gatehouse_session_save_seconds_count")).isEqualTo(2);
            assertThat(samples.of("gatehouse_session_bytes_count")).isEqualTo(2);
            assertThat(samples.of("gatehouse_session_bytes_bucket{le=2048.0}")).isZero();
            assertThat(samples.of("gatehouse_session_bytes_bucket{le=4096.0}")).isEqualTo(2);
            assertThat(samples.of("gatehouse_sessions_started_total")).isEqualTo(1);
            assertThat(samples.of("gatehouse_session_events_total{event=saved}"))
                    .isEqualTo(1);
            assertThat(samples.of("gatehouse_redis_command_seconds_count{op=save, outcome=ok, purpose=sessions}"))
                    .isEqualTo(2);
        }
    }

    @Test
    void doesNotCountASessionThatWasNeverStored() {
        try (RedisConnections redis = connect(REDIS.url(), gatehouseMetrics.exchanges())) {
            SessionRepository sessionRepository = sessions(redis);
            gatehouseMetrics.observe(sessionRepository.counters(), () -> 0);
            sessionRepository.invalidate(sessionRepository.create(1800, Map.of()));
            Samples samples = Samples.of(gatehouseMetrics);
            assertThat(samples.sum("gatehouse_sessions_started_total")).isZero();
            assertThat(samples.sum("gatehouse_sessions_destroyed_total")).isZero();
        }
    }

    @Test
    void countsActiveSessionsOnlyAfterAScrapeAndOmitsAnUnknownNumber() {
        try (CountingProxy proxy = new CountingProxy(REDIS.port());
                RedisConnections redis = connect(proxy.url(), gatehouseMetrics.exchanges())) {
            REDIS.flush();
            SessionRepository sessionRepository = sessions(redis);
            gatehouseMetrics.observe(sessionRepository.counters(), sessionRepository.manager()::countSessions);
            sessionRepository.save(sessionRepository.create(1800, Map.of()));
            proxy.takeRoundTrips();
            gatehouseMetrics.refresh();
            assertThat(proxy.takeRoundTrips()).isZero();
            assertThat(Samples.of(gatehouseMetrics).of("gatehouse_sessions_active"))
                    .isEqualTo(-1);
            assertThat(proxy.takeRoundTrips()).isZero();
            gatehouseMetrics.refresh();
            assertThat(proxy.takeRoundTrips()).isPositive();
            gatehouseMetrics.refresh();
            assertThat(proxy.takeRoundTrips()).isZero();
            assertThat(Samples.of(gatehouseMetrics).of("gatehouse_sessions_active"))
                    .isEqualTo(1);

            proxy.fault(CountingProxy.Fault.CUTTING);
            gatehouseMetrics.refresh();
            assertThat(Samples.of(gatehouseMetrics).of("gatehouse_sessions_active"))
                    .isEqualTo(-1);
        }
    }

    @Test
    void reportsFailedExchangesByReason() {
        try (CountingProxy proxy = new CountingProxy(REDIS.port());
                RedisConnections redis = connect(proxy.url(), gatehouseMetrics.exchanges())) {
            gatehouseMetrics.observe(redis, SESSIONS);
            proxy.fault(CountingProxy.Fault.SILENT);
            Pipeline pipeline = new Pipeline();
            pipeline.add(RedisCall.mget(RedisPurpose.SESSIONS, List.of(new byte[] {1}), raw -> true));
            redis.send(pipeline);
            Samples samples = Samples.of(gatehouseMetrics);
            assertThat(samples.of("gatehouse_redis_command_seconds_count{op=mget, outcome=timeout, purpose=sessions}"))
                    .isEqualTo(1);
            assertThat(samples.of("gatehouse_redis_pool_timeouts_total{purpose=sessions}"))
                    .isZero();
        }
    }

    @Test
    void addsUpTheTimeWithoutRedis() {
        checkEvery = "1";
        try (CountingProxy proxy = new CountingProxy(REDIS.port());
                RedisConnections redis = connect(proxy.url(), RedisObserver.NONE)) {
            gatehouseMetrics.observe(redis, SESSIONS);
            pass(10);
            assertThat(degraded()).isZero();
            proxy.fault(CountingProxy.Fault.CUTTING);
            proxy.cut();
            Eventually.holds(
                    "down",
                    Duration.ofSeconds(20),
                    () -> !redis.health(RedisPurpose.SESSIONS).up());
            gatehouseMetrics.recordHealth();
            pass(7);
            gatehouseMetrics.recordHealth();
            pass(3);
            assertThat(degraded()).isEqualTo(10);
            proxy.fault(CountingProxy.Fault.NONE);
            Eventually.holds(
                    "up",
                    Duration.ofSeconds(20),
                    () -> redis.health(RedisPurpose.SESSIONS).up());
            gatehouseMetrics.recordHealth();
            pass(100);
            assertThat(degraded()).isEqualTo(10);
        }
    }

    private void pass(long seconds) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    private double degraded() {
        return Samples.of(gatehouseMetrics).of("gatehouse_degraded_seconds_total{purpose=sessions}");
    }

    @Test
    void reportsJobsByOutcomeAndUpdatesTheTimestampOnSuccessOnly() {
        gatehouseMetrics.jobs().ended("warm-users", JobState.FAILED, Duration.ofSeconds(2));
        assertThat(Samples.of(gatehouseMetrics).of("gatehouse_job_last_success_timestamp_seconds{job_name=warm-users}"))
                .isEqualTo(-1);
        gatehouseMetrics.jobs().ended("warm-users", JobState.SUCCEEDED, Duration.ofSeconds(40));
        Samples samples = Samples.of(gatehouseMetrics);
        assertThat(samples.of("gatehouse_job_last_success_timestamp_seconds{job_name=warm-users}"))
                .isEqualTo(1.8e9);
        assertThat(samples.of("gatehouse_job_seconds_sum{job_name=warm-users, outcome=failed}"))
                .isEqualTo(2);
        assertThat(samples.of("gatehouse_job_seconds_bucket{job_name=warm-users, le=30.0, outcome=succeeded}"))
                .isZero();
    }

    @Test
    void aFailingSourceHidesItsOwnMetricOnly() {
        MetricsRegistry metricsRegistry = new MetricsRegistry("shop");
        metricsRegistry.add(MetricDefinition.CACHE_NODES, samples -> {
            throw new IllegalStateException("closed");
        });
        metricsRegistry.add(MetricDefinition.CACHE_GAPS, samples -> samples.add(3));
        assertThat(metricsRegistry.snapshots().stream()
                        .mapToInt(family -> family.getDataPoints().size()))
                .containsExactlyInAnyOrder(0, 1);
    }
}
