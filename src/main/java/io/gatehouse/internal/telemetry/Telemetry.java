package io.gatehouse.internal.telemetry;

import io.gatehouse.GatehouseException;
import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.Exchange;
import io.gatehouse.internal.redis.RedisObserver;
import io.gatehouse.internal.tracing.Span;
import io.gatehouse.internal.tracing.TracedOperation;
import io.gatehouse.internal.tracing.Tracing;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The spans of one application. They are recorded from the moment at which the tracing system of the application is known, see
 * {@link #recordWith}; until then, and without one, each method is a single volatile read. What the tracing system throws is logged
 * and ignored. Thread-safe.
 */
public final class Telemetry implements Tracing, RedisObserver {
    private static final System.Logger LOG = System.getLogger(Telemetry.class.getName());

    private volatile @Nullable SpanRecorder recorder;

    /** Records spans from now on. */
    public void recordWith(SpanRecorder fresh) {
        recorder = fresh;
    }

    /** Stops recording spans. */
    public void stop() {
        recorder = null;
    }

    @Override
    public boolean isActive() {
        return recorder != null;
    }

    @Override
    public Span start(TracedOperation operation) {
        SpanRecorder active = recorder;
        if (active == null) {
            return Span.NONE;
        }
        try {
            return active.start(operation);
        } catch (RuntimeException | LinkageError e) {
            log(e);
            return Span.NONE;
        }
    }

    @Override
    public Span startRequest(Function<String, @Nullable String> header) {
        SpanRecorder active = recorder;
        if (active == null) {
            return Span.NONE;
        }
        try {
            return active.startRequest(header);
        } catch (RuntimeException | LinkageError e) {
            log(e);
            return Span.NONE;
        }
    }

    @Override
    public void refused(int status, String reason) {
        SpanRecorder active = recorder;
        if (active != null) {
            try {
                active.refused(status, reason);
            } catch (RuntimeException | LinkageError e) {
                log(e);
            }
        }
    }

    @Override
    public Runnable inContext(Runnable task) {
        SpanRecorder active = recorder;
        if (active == null) {
            return task;
        }
        try {
            return active.inContext(task);
        } catch (RuntimeException | LinkageError e) {
            log(e);
            return task;
        }
    }

    @Override
    public void exchanged(
            RedisPurpose redisPurpose, String operation, long nanos, @Nullable GatehouseException fault) {}

    @Override
    public boolean wantsDetails() {
        return recorder != null;
    }

    @Override
    public void exchanged(Exchange exchange) {
        SpanRecorder active = recorder;
        if (active != null) {
            try {
                active.exchanged(exchange);
            } catch (LinkageError e) {
                log(e); // the caller handles exceptions
            }
        }
    }

    static void log(Throwable cause) {
        LOG.log(System.Logger.Level.DEBUG, "the tracing system failed", cause);
    }
}
