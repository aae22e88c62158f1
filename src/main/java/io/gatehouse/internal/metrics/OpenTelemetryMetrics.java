package io.gatehouse.internal.metrics;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import java.util.ArrayList;
import java.util.List;

/**
 * Exposes the metrics through OpenTelemetry, with its names and units. Counters and gauges are read when the SDK collects them, from the
 * same sources as a scrape; histograms are recorded with each value and have the same bucket boundaries. It cannot be loaded on
 * servers without that API. Thread-safe.
 */
public final class OpenTelemetryMetrics implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(OpenTelemetryMetrics.class.getName());
    private static final String SCOPE = "io.gatehouse";

    private final GatehouseMetrics gatehouseMetrics;
    private final Meter meter;
    private final List<AutoCloseable> instruments = new ArrayList<>();

    /**
     * Registers all metrics that are observed by now, or none.
     *
     * @throws LinkageError if this version of OpenTelemetry cannot take them
     */
    public OpenTelemetryMetrics(GatehouseMetrics gatehouseMetrics, OpenTelemetry openTelemetry) {
        this.gatehouseMetrics = gatehouseMetrics;
        this.meter = openTelemetry.getMeter(SCOPE);
        try {
            gatehouseMetrics.registry().readings().forEach(this::addReading);
            gatehouseMetrics.registry().histograms().forEach(this::addHistogram);
        } catch (RuntimeException | LinkageError e) {
            close();
            throw e;
        }
    }

    /** Returns whether metrics of an instance go anywhere; those of the API without an SDK do not. */
    public static boolean isRecording(OpenTelemetry openTelemetry) {
        return openTelemetry.getMeter(SCOPE).getClass()
                != MeterProvider.noop().get(SCOPE).getClass();
    }

    private void addReading(MetricsRegistry.Reading reading) {
        MetricDefinition definition = reading.definition();
        switch (definition.kind()) {
            case COUNTER ->
                instruments.add(meter.counterBuilder(definition.openTelemetryName())
                        .ofDoubles()
                        .setDescription(definition.help())
                        .setUnit(definition.openTelemetryUnit())
                        .buildWithCallback(measurement -> read(reading, measurement)));
            case GAUGE ->
                instruments.add(meter.gaugeBuilder(definition.openTelemetryName())
                        .setDescription(definition.help())
                        .setUnit(definition.openTelemetryUnit())
                        .buildWithCallback(measurement -> read(reading, measurement)));
            case HISTOGRAM -> throw new IllegalArgumentException(definition + " cannot be read");
        }
    }

    private void read(MetricsRegistry.Reading reading, ObservableDoubleMeasurement measurement) {
        gatehouseMetrics.onRead();
        MetricDefinition definition = reading.definition();
        reading.read((value, labels) -> measurement.record(value, attributes(definition, List.of(labels))));
    }

    private void addHistogram(HistogramMetric histogram) {
        MetricDefinition definition = histogram.definition();
        DoubleHistogram instrument = meter.histogramBuilder(definition.openTelemetryName())
                .setDescription(definition.help())
                .setUnit(definition.openTelemetryUnit())
                .setExplicitBucketBoundariesAdvice(histogram.upperBounds())
                .build();
        histogram.passTo(labels -> {
            Attributes attributes = attributes(definition, labels);
            return value -> instrument.record(value, attributes);
        });
        instruments.add(() -> histogram.passTo(null));
    }

    private Attributes attributes(MetricDefinition definition, List<String> labels) {
        AttributesBuilder attributes = Attributes.builder().put("application", gatehouseMetrics.application());
        for (int i = 0; i < labels.size(); i++) {
            attributes.put(AttributeKey.stringKey(definition.labels().get(i)), labels.get(i));
        }
        return attributes.build();
    }

    /** Removes the metrics, so that the SDK of the server does not keep the application in memory. */
    @Override
    public void close() {
        for (AutoCloseable instrument : instruments) {
            try {
                instrument.close();
            } catch (Exception e) {
                LOG.log(System.Logger.Level.DEBUG, "a metric could not be removed", e);
            }
        }
    }
}
