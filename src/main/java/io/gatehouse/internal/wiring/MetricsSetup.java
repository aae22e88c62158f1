package io.gatehouse.internal.wiring;

import io.gatehouse.internal.jobs.JobObserver;
import io.gatehouse.internal.metrics.GatehouseMetrics;
import io.gatehouse.internal.metrics.MetricsServlet;
import io.gatehouse.internal.metrics.MicroProfileMetrics;
import io.gatehouse.internal.schedule.TaskSchedule;
import io.gatehouse.internal.session.SessionObserver;
import jakarta.servlet.Servlet;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The metrics of one application, and where they can be had: by HTTP, and from the server where it has MicroProfile Metrics. */
final class MetricsSetup implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(MetricsSetup.class.getName());

    private final @Nullable GatehouseMetrics gatehouseMetrics;
    private @Nullable MicroProfileMetrics microProfile;

    /** Without the library for metrics, or with one that is too old, everything else still works. */
    MetricsSetup(String application) {
        this.gatehouseMetrics = OptionalApi.part(
                "The Prometheus client",
                "there are no metrics",
                () -> new GatehouseMetrics(application, InstantSource.system(), System::nanoTime));
    }

    /** Capabilities that tell what they do. */
    Components measured(Settings settings, SessionObserver observer, Executor executor) {
        return gatehouseMetrics == null
                ? new Components(settings, observer, executor)
                : new Components(settings, observer, executor, gatehouseMetrics.exchanges(), gatehouseMetrics.saves());
    }

    JobObserver jobs() {
        return gatehouseMetrics == null ? JobObserver.NONE : gatehouseMetrics.jobs();
    }

    /** From now on shows what they count. */
    void watch(Components components, TaskSchedule taskSchedule) {
        if (gatehouseMetrics == null) {
            return;
        }
        gatehouseMetrics.watch(components.redis(), components.purposes());
        gatehouseMetrics.watch(
                components.sessions().counters(), components.sessions().manager()::countSessions);
        gatehouseMetrics.watch(components.limiter(), components.guard());
        components.cache().ifPresent(gatehouseMetrics::watch);
        taskSchedule
                .every(GatehouseMetrics.LOOK, "looking whether Redis is there", gatehouseMetrics::look)
                .every(GatehouseMetrics.REFRESH, "counting the sessions", this::refresh);
    }

    private void refresh() {
        if (gatehouseMetrics != null) {
            gatehouseMetrics.refresh();
        }
        if (microProfile != null) {
            microProfile.refresh();
        }
    }

    /** What tells them over HTTP. */
    Optional<Servlet> servlet() {
        return gatehouseMetrics == null ? Optional.empty() : Optional.of(new MetricsServlet(gatehouseMetrics));
    }

    /** To be called where the application's beans can be looked up. */
    void begin() {
        if (gatehouseMetrics == null) {
            return;
        }
        try {
            microProfile = MicroProfileMetrics.of(gatehouseMetrics, System::nanoTime);
        } catch (LinkageError | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "no MicroProfile Metrics here", e); // few servers have it
        }
    }

    @Override
    public void close() {
        if (microProfile != null) {
            microProfile.close();
        }
    }
}
