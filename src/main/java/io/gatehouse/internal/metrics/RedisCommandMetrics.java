package io.gatehouse.internal.metrics;

import io.gatehouse.GatehouseException;
import io.gatehouse.RedisPurpose;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.RedisUnavailableException.Reason;
import io.gatehouse.internal.redis.RedisObserver;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The durations of exchanges with Redis, by purpose, operation and outcome. Data points are cached by these three, so that reporting a
 * duration takes two map lookups and allocates nothing. Thread-safe.
 */
final class RedisCommandMetrics implements RedisObserver {
    private static final String OK = "ok";
    private static final String REJECTED = "rejected";

    private final HistogramMetric seconds;
    /** The data points by purpose, operation, and {@link Reason} or one of the constants above. */
    private final Map<RedisPurpose, Map<String, Map<Object, HistogramMetric.Point>>> points =
            new EnumMap<>(RedisPurpose.class);

    private final Map<RedisPurpose, LongAdder> timeouts = new EnumMap<>(RedisPurpose.class);

    RedisCommandMetrics(MetricsRegistry metricsRegistry) {
        this.seconds = metricsRegistry.histogram(
                MetricDefinition.REDIS_COMMAND_SECONDS,
                0.0001,
                0.00025,
                0.0005,
                0.001,
                0.0025,
                0.005,
                0.01,
                0.025,
                0.05,
                0.1,
                0.25,
                0.6,
                1);
        for (RedisPurpose redisPurpose : RedisPurpose.values()) {
            points.put(redisPurpose, new ConcurrentHashMap<>());
            timeouts.put(redisPurpose, new LongAdder());
        }
    }

    @Override
    public void exchanged(RedisPurpose redisPurpose, String operation, long nanos, @Nullable GatehouseException fault) {
        Object outcome = outcome(fault);
        point(redisPurpose, operation, outcome).observe(nanos / 1e9);
        LongAdder adder = timeouts.get(redisPurpose);
        if (outcome == Reason.EXHAUSTED && adder != null) {
            adder.increment();
        }
    }

    long timeouts(RedisPurpose redisPurpose) {
        LongAdder adder = timeouts.get(redisPurpose);
        return adder == null ? 0 : adder.sum();
    }

    private static Object outcome(@Nullable GatehouseException fault) {
        if (fault == null) {
            return OK;
        }
        return fault instanceof RedisUnavailableException unavailable ? unavailable.reason() : REJECTED;
    }

    private HistogramMetric.Point point(RedisPurpose redisPurpose, String operation, Object outcome) {
        Map<String, Map<Object, HistogramMetric.Point>> operations = points.getOrDefault(redisPurpose, Map.of());
        Map<Object, HistogramMetric.Point> outcomes = operations.get(operation);
        if (outcomes == null) {
            outcomes = operations.computeIfAbsent(operation, any -> new ConcurrentHashMap<>());
        }
        HistogramMetric.Point point = outcomes.get(outcome);
        if (point == null) {
            point = seconds.point(redisPurpose.label(), label(operation), label(outcome));
            outcomes.put(outcome, point); // a concurrent thread puts the same data point
        }
        return point;
    }

    /** Returns the label of an operation; scripts are named by their files. */
    private static String label(String operation) {
        return operation.replaceFirst("\\.lua$", "").toLowerCase(Locale.ROOT);
    }

    private static String label(Object outcome) {
        return outcome instanceof Reason reason ? reason.label() : outcome.toString();
    }
}
