package io.gatehouse.internal.wiring;

import io.gatehouse.internal.jobs.JobObserver;
import io.gatehouse.internal.metrics.GatehouseMetrics;
import io.gatehouse.internal.redis.RedisObserver;
import io.gatehouse.internal.redis.RedisObservers;
import io.gatehouse.internal.schedule.TaskSchedule;
import io.gatehouse.internal.session.SaveObserver;
import io.gatehouse.internal.telemetry.Telemetry;
import io.gatehouse.internal.telemetry.TelemetrySettings;
import io.gatehouse.internal.tracing.Span;
import io.gatehouse.internal.tracing.TracedOperation;
import io.gatehouse.internal.tracing.Tracing;
import io.gatehouse.internal.web.RedisTime;
import io.gatehouse.internal.web.RequestReports;
import io.gatehouse.jobs.JobState;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Creates the tracing of one application, and connects it to OpenTelemetry once there is one: to the bean of MicroProfile Telemetry when
 * the application has started, else to the global instance, which an application may register later. Without OpenTelemetry, nothing
 * is recorded. Thread-safe.
 */
final class TelemetrySetup implements AutoCloseable {
    /** How often Gatehouse looks for an OpenTelemetry that the application registers after its start. */
    private static final Duration LOOKUP_INTERVAL = Duration.ofSeconds(15);

    private static final System.Logger LOG = System.getLogger(TelemetrySetup.class.getName());

    private final boolean enabled;
    private final Telemetry telemetry = new Telemetry();
    private final @Nullable RedisTime redisTime;
    private @Nullable OpenTelemetryConnection connection;
    private boolean missing;
    private boolean closed;

    TelemetrySetup(TelemetrySettings settings) {
        this.enabled = settings.enabled();
        this.redisTime = settings.serverTiming() ? new RedisTime() : null;
    }

    Tracing tracing() {
        return telemetry;
    }

    /** Returns what the filter reports. */
    RequestReports reports() {
        return new RequestReports(telemetry, redisTime);
    }

    /** Returns an executor whose tasks run as part of the caller's span. */
    Executor inContext(Executor executor) {
        return task -> executor.execute(telemetry.inContext(task));
    }

    /** Adds spans to an observer. */
    RedisObserver with(RedisObserver exchanges) {
        return redisTime == null
                ? new RedisObservers(exchanges, telemetry)
                : new RedisObservers(exchanges, telemetry, redisTime);
    }

    /** Adds spans to an observer. */
    SaveObserver with(SaveObserver saves) {
        return new SaveObserver() {
            @Override
            public void saved(long nanos, long bytes) {
                saves.saved(nanos, bytes);
            }

            @Override
            public Span begin() {
                return telemetry.start(TracedOperation.SESSION_SAVE);
            }
        };
    }

    /** Adds spans to an observer. */
    JobObserver with(JobObserver jobs) {
        return new JobObserver() {
            @Override
            public void ended(String job, JobState state, Duration took) {
                jobs.ended(job, state, took);
            }

            @Override
            public Span begin(String job) {
                Span span = telemetry.start(TracedOperation.JOB_RUN);
                span.set("gatehouse.job.name", job);
                return span;
            }
        };
    }

    /** Adds the search for a global OpenTelemetry to the schedule. */
    void schedule(TaskSchedule taskSchedule, @Nullable GatehouseMetrics metrics) {
        if (enabled) {
            taskSchedule.every(LOOKUP_INTERVAL, "looking for OpenTelemetry", () -> connectToGlobal(metrics));
        }
    }

    /** Connects to OpenTelemetry, if it is there. The caller's thread must have access to CDI. */
    synchronized void connect(@Nullable GatehouseMetrics metrics) {
        if (enabled && connection == null) {
            try {
                connection = OpenTelemetryConnection.toBean(telemetry, metrics);
            } catch (LinkageError | RuntimeException e) {
                LOG.log(System.Logger.Level.DEBUG, "there is no bean of OpenTelemetry", e); // few servers have it
            }
            connectToGlobal(metrics);
        }
    }

    /** Connects to the global OpenTelemetry, if the application has registered one by now. */
    synchronized void connectToGlobal(@Nullable GatehouseMetrics metrics) {
        if (enabled && connection == null && !missing && !closed) {
            try {
                connection = OpenTelemetryConnection.toGlobal(telemetry, metrics);
            } catch (LinkageError | RuntimeException e) {
                missing = true;
                LOG.log(System.Logger.Level.DEBUG, "the application has no OpenTelemetry", e);
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (connection != null) {
            connection.close();
        }
    }
}
