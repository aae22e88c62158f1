package io.gatehouse.internal.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;
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

    MetricsRegistry(String application) {
        this.application = Labels.of("application", application);
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
    Histogram histogram(MetricDefinition metricDefinition, double... upperBounds) {
        return Histogram.builder()
                .name(metricDefinition.prometheusName())
                .help(metricDefinition.help())
                .unit(unit(metricDefinition))
                .constLabels(application)
                .labelNames(metricDefinition.labels().toArray(String[]::new))
                .classicOnly()
                .classicUpperBounds(upperBounds)
                .withoutExemplars()
                .register(registry);
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
