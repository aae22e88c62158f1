package io.gatehouse.internal.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The registry of one application's metrics. It is separate from the default registry of the Prometheus client, which the application
 * may use itself. Thread-safe.
 */
final class MetricsRegistry {
    private static final System.Logger LOG = System.getLogger(MetricsRegistry.class.getName());

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Labels application;
    private final List<Reading> readings = new CopyOnWriteArrayList<>();
    private final List<HistogramMetric> histograms = new CopyOnWriteArrayList<>();

    MetricsRegistry(String application) {
        this.application = Labels.of("application", application);
    }

    /** A counter or a gauge with the source of its values. */
    record Reading(MetricDefinition definition, Consumer<Samples> source) {
        /** Passes the current values on; none if the source fails. */
        void read(Samples samples) {
            MetricsRegistry.read(definition, source, samples);
        }
    }

    /** Collects the current values of a metric during a scrape. */
    @FunctionalInterface
    interface Samples {
        /** Adds a value, with the values of all labels of the metric, in their order. */
        void add(double value, String... labels);

        /** Adds a count, with the values of all labels of the metric, in their order. */
        default void add(long count, String... labels) {
            add((double) count, labels);
        }
    }

    /**
     * Adds a counter or a gauge whose values are read at each scrape.
     *
     * @param source passes the current values to its argument; if it throws, a scrape lacks this metric only
     * @throws IllegalArgumentException if the metric is a histogram
     */
    void add(MetricDefinition metricDefinition, Consumer<Samples> source) {
        String[] labels = metricDefinition.labels().toArray(String[]::new);
        readings.add(new Reading(metricDefinition, source));
        switch (metricDefinition.kind()) {
            case COUNTER ->
                CounterWithCallback.builder()
                        .name(metricDefinition.prometheusName())
                        .help(metricDefinition.help())
                        .unit(unit(metricDefinition))
                        .constLabels(application)
                        .labelNames(labels)
                        .callback(callback -> read(metricDefinition, source, callback::call))
                        .register(registry);
            case GAUGE ->
                GaugeWithCallback.builder()
                        .name(metricDefinition.prometheusName())
                        .help(metricDefinition.help())
                        .unit(unit(metricDefinition))
                        .constLabels(application)
                        .labelNames(labels)
                        .callback(callback -> read(metricDefinition, source, callback::call))
                        .register(registry);
            case HISTOGRAM ->
                throw new IllegalArgumentException(metricDefinition + " is a histogram; expected a counter or a gauge");
        }
    }

    private static void read(MetricDefinition metricDefinition, Consumer<Samples> source, Samples samples) {
        try {
            source.accept(samples);
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "{0} could not be read: {1}",
                    metricDefinition.prometheusName(),
                    e.toString());
        }
    }

    /** Adds a histogram, to which the caller reports each value. */
    HistogramMetric histogram(MetricDefinition metricDefinition, double... upperBounds) {
        Histogram histogram = Histogram.builder()
                .name(metricDefinition.prometheusName())
                .help(metricDefinition.help())
                .unit(unit(metricDefinition))
                .constLabels(application)
                .labelNames(metricDefinition.labels().toArray(String[]::new))
                .classicOnly()
                .classicUpperBounds(upperBounds)
                .withoutExemplars()
                .register(registry);
        HistogramMetric added = new HistogramMetric(
                metricDefinition, histogram, Arrays.stream(upperBounds).boxed().toList());
        histograms.add(added);
        return added;
    }

    /** Returns all counters and gauges. */
    List<Reading> readings() {
        return readings;
    }

    List<HistogramMetric> histograms() {
        return histograms;
    }

    private static @Nullable Unit unit(MetricDefinition metricDefinition) {
        return switch (metricDefinition.unit()) {
            case "seconds" -> Unit.SECONDS;
            case "bytes" -> Unit.BYTES;
            default -> null;
        };
    }

    /** Returns the current values of all metrics. */
    MetricSnapshots snapshots() {
        return registry.scrape();
    }
}
