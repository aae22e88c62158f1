package io.gatehouse.metrics;

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
final class Board {
    private static final System.Logger LOG = System.getLogger(Board.class.getName());

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Labels application;

    Board(String application) {
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
    void add(Family family, Consumer<Samples> source) {
        String[] labels = family.labels().toArray(String[]::new);
        switch (family.kind()) {
            case COUNTER ->
                CounterWithCallback.builder()
                        .name(family.prometheusName())
                        .help(family.help())
                        .unit(unit(family))
                        .constLabels(application)
                        .labelNames(labels)
                        .callback(callback -> read(family, source, callback::call))
                        .register(registry);
            case GAUGE ->
                GaugeWithCallback.builder()
                        .name(family.prometheusName())
                        .help(family.help())
                        .unit(unit(family))
                        .constLabels(application)
                        .labelNames(labels)
                        .callback(callback -> read(family, source, callback::call))
                        .register(registry);
            case HISTOGRAM -> throw new IllegalArgumentException(family + " is not read but told");
        }
    }

    private static void read(Family family, Consumer<Samples> source, Samples samples) {
        try {
            source.accept(samples);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "{0} could not be read: {1}", family.prometheusName(), e.toString());
        }
    }

    /** Adds what is told value by value. */
    Histogram histogram(Family family, double... upperBounds) {
        return Histogram.builder()
                .name(family.prometheusName())
                .help(family.help())
                .unit(unit(family))
                .constLabels(application)
                .labelNames(family.labels().toArray(String[]::new))
                .classicOnly()
                .classicUpperBounds(upperBounds)
                .withoutExemplars()
                .register(registry);
    }

    private static @Nullable Unit unit(Family family) {
        return switch (family.unit()) {
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
