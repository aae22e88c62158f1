package io.gatehouse.boot;

import io.gatehouse.assembly.Capabilities;
import io.gatehouse.assembly.OptionalApi;
import io.gatehouse.assembly.Settings;
import io.gatehouse.jobs.JobObserver;
import io.gatehouse.metrics.Meters;
import io.gatehouse.metrics.MetricsServlet;
import io.gatehouse.metrics.MicroProfileMetrics;
import io.gatehouse.schedule.Timetable;
import io.gatehouse.session.SessionObserver;
import jakarta.servlet.Servlet;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The metrics of one application, and where they can be had: by HTTP, and from the server where it has MicroProfile Metrics. */
final class Metering implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Metering.class.getName());

    private final @Nullable Meters meters;
    private @Nullable MicroProfileMetrics microProfile;

    /** Without the library for metrics, or with one that is too old, everything else still works. */
    Metering(String application) {
        this.meters = OptionalApi.part(
                "The Prometheus client",
                "there are no metrics",
                () -> new Meters(application, InstantSource.system(), System::nanoTime));
    }

    /** Capabilities that tell what they do. */
    Capabilities measured(Settings settings, SessionObserver observer, Executor executor) {
        return meters == null
                ? new Capabilities(settings, observer, executor)
                : new Capabilities(settings, observer, executor, meters.exchanges(), meters.saves());
    }

    JobObserver jobs() {
        return meters == null ? JobObserver.NONE : meters.jobs();
    }

    /** From now on shows what they count. */
    void watch(Capabilities capabilities, Timetable timetable) {
        if (meters == null) {
            return;
        }
        meters.watch(capabilities.redis(), capabilities.purposes());
        meters.watch(capabilities.sessions().counters(), capabilities.sessions().manager()::countSessions);
        meters.watch(capabilities.limiter(), capabilities.guard());
        capabilities.cache().ifPresent(meters::watch);
        timetable
                .every(Meters.LOOK, "looking whether Redis is there", meters::look)
                .every(Meters.REFRESH, "counting the sessions", this::refresh);
    }

    private void refresh() {
        if (meters != null) {
            meters.refresh();
        }
        if (microProfile != null) {
            microProfile.refresh();
        }
    }

    /** What tells them over HTTP. */
    Optional<Servlet> servlet() {
        return meters == null ? Optional.empty() : Optional.of(new MetricsServlet(meters));
    }

    /** To be called where the application's beans can be looked up. */
    void begin() {
        if (meters == null) {
            return;
        }
        try {
            microProfile = MicroProfileMetrics.of(meters, System::nanoTime);
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
