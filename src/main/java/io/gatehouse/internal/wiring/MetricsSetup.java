package io.gatehouse.internal.wiring;

import io.gatehouse.internal.jobs.JobObserver;
import io.gatehouse.internal.metrics.GatehouseMetrics;
import io.gatehouse.internal.metrics.MetricsServlet;
import io.gatehouse.internal.metrics.MicroProfileMetrics;
import io.gatehouse.internal.redis.RedisObserver;
import io.gatehouse.internal.schedule.TaskSchedule;
import io.gatehouse.internal.session.SaveObserver;
import io.gatehouse.internal.session.SessionObserver;
import jakarta.servlet.Servlet;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Creates the metrics of one application and exposes them: over HTTP, and on servers with MicroProfile Metrics through these. */
final class MetricsSetup implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(MetricsSetup.class.getName());

    private final @Nullable GatehouseMetrics gatehouseMetrics;
    private @Nullable MicroProfileMetrics microProfile;

    /** Creates the metrics, or none if the Prometheus client is missing or too old. Everything else works without them. */
    MetricsSetup(String application) {
        this.gatehouseMetrics = OptionalApi.tryLoad(
                "The Prometheus client",
                "there are no metrics",
                () -> new GatehouseMetrics(application, InstantSource.system(), System::nanoTime));
    }

    /** Creates components that report to the metrics and to the tracing. */
    Components createComponents(
            Settings settings, SessionObserver observer, Executor executor, TelemetrySetup telemetry) {
        return new Components(
                settings,
                observer,
                telemetry.inContext(executor),
                telemetry.with(gatehouseMetrics == null ? RedisObserver.NONE : gatehouseMetrics.exchanges()),
                telemetry.with(gatehouseMetrics == null ? SaveObserver.NONE : gatehouseMetrics.saves()),
                telemetry.tracing());
    }

    /** Returns the metrics, or null if there are none. */
    @Nullable
    GatehouseMetrics metrics() {
        return gatehouseMetrics;
    }

    /** Returns the observer of job runs. */
    JobObserver jobs() {
        return gatehouseMetrics == null ? JobObserver.NONE : gatehouseMetrics.jobs();
    }

    /** Adds the counters of the components to the metrics, and their refresh to the schedule. */
    void observe(Components components, TaskSchedule taskSchedule) {
        if (gatehouseMetrics == null) {
            return;
        }
        gatehouseMetrics.observe(components.redis(), components.purposes());
        gatehouseMetrics.observe(
                components.sessions().counters(), components.sessions().manager()::countSessions);
        gatehouseMetrics.observe(components.limiter(), components.guard());
        gatehouseMetrics.observe(components.logoutCounters());
        components.importCounters().ifPresent(gatehouseMetrics::observe);
        components.cache().ifPresent(gatehouseMetrics::observe);
        taskSchedule
                .every(
                        GatehouseMetrics.HEALTH_INTERVAL,
                        "recording the health of Redis",
                        gatehouseMetrics::recordHealth)
                .every(GatehouseMetrics.REFRESH_INTERVAL, "counting the sessions", this::refresh);
    }

    private void refresh() {
        if (gatehouseMetrics != null) {
            gatehouseMetrics.refresh();
        }
        if (microProfile != null) {
            microProfile.refresh();
        }
    }

    /** Returns the servlet that serves the metrics, or empty if there are none. */
    Optional<Servlet> servlet() {
        return gatehouseMetrics == null ? Optional.empty() : Optional.of(new MetricsServlet(gatehouseMetrics));
    }

    /** Registers with MicroProfile Metrics, if the server has it. The caller's thread must have access to CDI. */
    void registerWithServer() {
        if (gatehouseMetrics == null) {
            return;
        }
        try {
            microProfile = MicroProfileMetrics.of(gatehouseMetrics, System::nanoTime);
        } catch (LinkageError | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "the server has no MicroProfile Metrics", e); // few servers have it
        }
    }

    @Override
    public void close() {
        if (microProfile != null) {
            microProfile.close();
        }
    }
}
