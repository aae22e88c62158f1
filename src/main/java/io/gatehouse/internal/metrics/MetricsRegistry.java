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
 * The metrics of one application, in a registry of their own and not in the common one of the library, where others of the
 * application may be. Safe for use by several threads.
 */
final class MetricsRegistry {
    private static final System.Logger LOG = System.getLogger(MetricsRegistry.class.getName());

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Labels application;

    MetricsRegistry(String application) {
        this.application = Labels.of("application", application);
    }

    /** Takes the values of a metric when somebody looks. */
    @FunctionalInterface
    interface Samples {
        /** Adds one, with as many labels as the metric has, in their order. */
        void add(double value, String... labels);

        /** The same with a number of things. */
        default void add(long count, String... labels) {
            add((double) count, labels);
        }
    }

    /**
     * Adds what is counted elsewhere and read when somebody looks.
     *
     * @param source gives what there is; if it throws, nothing is shown, and of the others all is
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
            case HISTOGRAM -> throw new IllegalArgumentException(metricDefinition + " is not read but told");
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

    /** Adds what is told value by value. */
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

    /** What all metrics say now. */
    MetricSnapshots look() {
        return registry.scrape();
    }
}
