package io.gatehouse.internal.metrics;

import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A histogram of the Prometheus client that can pass its values to a second system as well. Thread-safe. */
final class HistogramMetric {
    private static final System.Logger LOG = System.getLogger(HistogramMetric.class.getName());

    private final MetricDefinition definition;
    private final Histogram histogram;
    private final List<Double> upperBounds;
    private volatile @Nullable Sink sink;

    /** A second system. */
    interface Sink {
        /** Returns the recorder of one combination of labels; the caller keeps it. */
        Recorder recorder(List<String> labels);
    }

    /** Records values with one combination of labels. */
    interface Recorder {
        void record(double value);
    }

    HistogramMetric(MetricDefinition definition, Histogram histogram, List<Double> upperBounds) {
        this.definition = definition;
        this.histogram = histogram;
        this.upperBounds = upperBounds;
    }

    MetricDefinition definition() {
        return definition;
    }

    List<Double> upperBounds() {
        return upperBounds;
    }

    /** Passes values to a second system from now on, or to none. */
    void passTo(@Nullable Sink second) {
        sink = second;
    }

    /** Returns the values with one combination of labels, in the order of the definition. */
    Point point(String... labels) {
        return new Point(histogram.labelValues(labels), List.of(labels));
    }

    /** The values with one combination of labels. Thread-safe. */
    final class Point {
        private final DistributionDataPoint values;
        private final List<String> labels;
        private volatile @Nullable Recorder recorder;

        private Point(DistributionDataPoint values, List<String> labels) {
            this.values = values;
            this.labels = labels;
        }

        void observe(double value) {
            values.observe(value);
            Sink second = sink;
            if (second != null) {
                try {
                    Recorder known = recorder;
                    if (known == null) {
                        known = second.recorder(labels);
                        recorder = known;
                    }
                    known.record(value);
                } catch (RuntimeException | LinkageError e) {
                    LOG.log(System.Logger.Level.DEBUG, "a value could not be recorded", e);
                }
            }
        }
    }
}
