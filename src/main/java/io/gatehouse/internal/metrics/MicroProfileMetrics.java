package io.gatehouse.internal.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Label;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import jakarta.enterprise.inject.spi.Unmanaged;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricID;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/**
 * The same metrics in the server's own MicroProfile Metrics, as gauges of the scope {@code application}; of a histogram its
 * count and sum. The only class that knows that API: it cannot be loaded where the server lacks it. Values are at most a
 * second old. Safe for use by several threads.
 */
public final class MicroProfileMetrics implements AutoCloseable {
    private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final GatehouseMetrics gatehouseMetrics;
    private final MetricRegistry registry;
    private final LongSupplier nanoTime;
    private final Set<MetricID> ours = ConcurrentHashMap.newKeySet();
    private Map<MetricID, Double> values = Map.of();
    private long readAt;

    MicroProfileMetrics(GatehouseMetrics gatehouseMetrics, MetricRegistry registry, LongSupplier nanoTime) {
        this.gatehouseMetrics = gatehouseMetrics;
        this.registry = registry;
        this.nanoTime = nanoTime;
    }

    /**
     * Puts the metrics into the registry of the application that is starting.
     *
     * @throws IllegalStateException if it has no CDI
     */
    public static MicroProfileMetrics of(GatehouseMetrics gatehouseMetrics, LongSupplier nanoTime) {
        Wanted wanted =
                new Unmanaged<>(Wanted.class).newInstance().produce().inject().get();
        MicroProfileMetrics metrics = new MicroProfileMetrics(gatehouseMetrics, wanted.registry, nanoTime);
        metrics.refresh();
        return metrics;
    }

    /** Not a bean, or it would have to be one everywhere. Payara gives the registry to a field only, and not to who looks it up. */
    static final class Wanted {
        @Inject
        MetricRegistry registry;
    }

    /** Takes up what came since: a job or an operation that was not seen before. */
    public void refresh() {
        Map<String, String> help = new HashMap<>();
        gatehouseMetrics
                .ownLook()
                .forEach(metric -> help.put(
                        metric.getMetadata().getPrometheusName(),
                        metric.getMetadata().getHelp()));
        read(true).keySet().stream().filter(ours::add).forEach(id -> {
            Metadata metadata = Metadata.builder()
                    .withName(id.getName())
                    .withDescription(help.getOrDefault(family(id.getName()), ""))
                    .build();
            registry.gauge(metadata, () -> read(false).getOrDefault(id, 0.0), id.getTagsAsArray());
        });
    }

    private static String family(String name) {
        return name.replaceFirst("_(total|count|sum)$", "");
    }

    private synchronized Map<MetricID, Double> read(boolean anew) {
        long now = nanoTime.getAsLong();
        if (anew || now - readAt >= KEPT_NANOS) {
            readAt = now;
            Map<MetricID, Double> fresh = new HashMap<>();
            for (MetricSnapshot metric : anew ? gatehouseMetrics.ownLook() : gatehouseMetrics.snapshots()) {
                String name = metric.getMetadata().getPrometheusName();
                metric.getDataPoints().forEach(point -> put(fresh, name, point));
            }
            values = fresh;
        }
        return values;
    }

    private static void put(Map<MetricID, Double> into, String name, DataPointSnapshot point) {
        Tag[] tags = point.getLabels().stream()
                .map((Label label) -> new Tag(label.getName(), label.getValue()))
                .toArray(Tag[]::new);
        if (point instanceof CounterDataPointSnapshot counter) {
            into.put(new MetricID(name + "_total", tags), counter.getValue());
        } else if (point instanceof GaugeDataPointSnapshot gauge) {
            into.put(new MetricID(name, tags), gauge.getValue());
        } else if (point instanceof HistogramDataPointSnapshot histogram) {
            into.put(new MetricID(name + "_count", tags), (double) histogram.getClassicBuckets().stream()
                    .mapToLong(bucket -> bucket.getCount())
                    .sum());
            into.put(new MetricID(name + "_sum", tags), histogram.getSum());
        }
    }

    /** Takes them out again, so that the registry does not hold on to the application. */
    @Override
    public void close() {
        ours.forEach(registry::remove);
        ours.clear();
    }
}
