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
 * Exposes the metrics through the server's MicroProfile Metrics, as gauges in the scope {@code application}. A histogram becomes two
 * gauges, its count and its sum. Values are at most a second old. Only this class refers to that API, and it cannot be loaded on servers
 * without it. Thread-safe.
 */
public final class MicroProfileMetrics implements AutoCloseable {
    private static final long MAX_AGE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final GatehouseMetrics gatehouseMetrics;
    private final MetricRegistry registry;
    private final LongSupplier nanoTime;
    private final Set<MetricID> registered = ConcurrentHashMap.newKeySet();
    private Map<MetricID, Double> values = Map.of();
    private long readAt;

    MicroProfileMetrics(GatehouseMetrics gatehouseMetrics, MetricRegistry registry, LongSupplier nanoTime) {
        this.gatehouseMetrics = gatehouseMetrics;
        this.registry = registry;
        this.nanoTime = nanoTime;
    }

    /**
     * Registers the metrics in the registry of the application that is starting.
     *
     * @throws IllegalStateException if the application has no CDI
     */
    public static MicroProfileMetrics of(GatehouseMetrics gatehouseMetrics, LongSupplier nanoTime) {
        RegistryInjection injection = new Unmanaged<>(RegistryInjection.class)
                .newInstance()
                .produce()
                .inject()
                .get();
        MicroProfileMetrics metrics = new MicroProfileMetrics(gatehouseMetrics, injection.registry, nanoTime);
        metrics.refresh();
        return metrics;
    }

    /**
     * The target for injection of the registry. Payara injects the registry into fields only and does not return it from lookups. This
     * class is not a bean, because a bean would need the API on every server.
     */
    static final class RegistryInjection {
        @Inject
        MetricRegistry registry;
    }

    /** Registers the samples that are new since the last call, such as those of a job that has run for the first time. */
    public void refresh() {
        Map<String, String> help = new HashMap<>();
        gatehouseMetrics
                .snapshots()
                .forEach(metric -> help.put(
                        metric.getMetadata().getPrometheusName(),
                        metric.getMetadata().getHelp()));
        read(true).keySet().stream().filter(registered::add).forEach(id -> {
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

    private synchronized Map<MetricID, Double> read(boolean refreshed) {
        long current = nanoTime.getAsLong();
        if (refreshed || current - readAt >= MAX_AGE_NANOS) {
            readAt = current;
            Map<MetricID, Double> fresh = new HashMap<>();
            for (MetricSnapshot metric : refreshed ? gatehouseMetrics.snapshots() : gatehouseMetrics.scrape()) {
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

    /** Removes the metrics from the registry, so that it does not keep the application in memory. */
    @Override
    public void close() {
        registered.forEach(registry::remove);
        registered.clear();
    }
}
