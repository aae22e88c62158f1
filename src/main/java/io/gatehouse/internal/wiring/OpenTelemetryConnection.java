package io.gatehouse.internal.wiring;

import io.gatehouse.internal.metrics.GatehouseMetrics;
import io.gatehouse.internal.metrics.OpenTelemetryMetrics;
import io.gatehouse.internal.telemetry.OpenTelemetryLookup;
import io.gatehouse.internal.telemetry.OpenTelemetrySpans;
import io.gatehouse.internal.telemetry.Telemetry;
import io.opentelemetry.api.OpenTelemetry;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** The connection of Gatehouse's spans and metrics to OpenTelemetry. It cannot be loaded on servers without that API. */
final class OpenTelemetryConnection implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(OpenTelemetryConnection.class.getName());

    private final Telemetry telemetry;
    private final @Nullable OpenTelemetryMetrics metrics;

    private OpenTelemetryConnection(Telemetry telemetry, @Nullable OpenTelemetryMetrics metrics) {
        this.telemetry = telemetry;
        this.metrics = metrics;
    }

    /** Connects to the bean of MicroProfile Telemetry. Returns null if there is none, or if it records nothing. */
    static @Nullable OpenTelemetryConnection toBean(Telemetry telemetry, @Nullable GatehouseMetrics metrics) {
        return open("MicroProfile Telemetry", OpenTelemetryLookup.bean(), telemetry, metrics);
    }

    /** Connects to the global OpenTelemetry. Returns null if there is none, or if it records nothing. */
    static @Nullable OpenTelemetryConnection toGlobal(Telemetry telemetry, @Nullable GatehouseMetrics metrics) {
        return open("the global OpenTelemetry", OpenTelemetryLookup.global(), telemetry, metrics);
    }

    private static @Nullable OpenTelemetryConnection open(
            String name, @Nullable OpenTelemetry found, Telemetry telemetry, @Nullable GatehouseMetrics metrics) {
        if (found == null || !OpenTelemetrySpans.isRecording(found)) {
            return null;
        }
        telemetry.recordWith(new OpenTelemetrySpans(found, InstantSource.system()));
        OpenTelemetryMetrics exposed = metrics == null ? null : expose(metrics, found);
        LOG.log(System.Logger.Level.INFO, exposed == null ? "spans go to {0}" : "spans and metrics go to {0}", name);
        return new OpenTelemetryConnection(telemetry, exposed);
    }

    /** Returns null if the server's OpenTelemetry takes no metrics, or if its API is older than 1.32. */
    private static @Nullable OpenTelemetryMetrics expose(GatehouseMetrics metrics, OpenTelemetry found) {
        try {
            return OpenTelemetryMetrics.isRecording(found) ? new OpenTelemetryMetrics(metrics, found) : null;
        } catch (LinkageError | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "this version of OpenTelemetry cannot take the metrics", e);
            return null;
        }
    }

    @Override
    public void close() {
        telemetry.stop();
        if (metrics != null) {
            metrics.close();
        }
    }
}
