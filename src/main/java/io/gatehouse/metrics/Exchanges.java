package io.gatehouse.metrics;

import io.gatehouse.config.GatehouseException;
import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.RedisObserver;
import io.gatehouse.redis.RedisUnavailable;
import io.gatehouse.redis.RedisUnavailable.Reason;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * How long exchanges with Redis take, by purpose, operation and outcome. Where a value belongs is remembered, so that telling
 * one costs two look-ups and no memory.
 */
final class Exchanges implements RedisObserver {
    private static final String ANSWERED = "ok";
    private static final String REJECTED = "rejected";

    private final Histogram seconds;
    /** By purpose, operation, and {@link Reason} or one of the above. */
    private final Map<Purpose, Map<String, Map<Object, DistributionDataPoint>>> known = new EnumMap<>(Purpose.class);

    private final Map<Purpose, LongAdder> timeouts = new EnumMap<>(Purpose.class);

    Exchanges(Board board) {
        this.seconds = board.histogram(
                Family.REDIS_COMMAND_SECONDS,
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
        for (Purpose purpose : Purpose.values()) {
            known.put(purpose, new ConcurrentHashMap<>());
            timeouts.put(purpose, new LongAdder());
        }
    }

    @Override
    public void exchanged(Purpose purpose, String operation, long nanos, @Nullable GatehouseException fault) {
        Object outcome = outcome(fault);
        point(purpose, operation, outcome).observe(nanos / 1e9);
        LongAdder adder = timeouts.get(purpose);
        if (outcome == Reason.EXHAUSTED && adder != null) {
            adder.increment();
        }
    }

    long timeouts(Purpose purpose) {
        LongAdder adder = timeouts.get(purpose);
        return adder == null ? 0 : adder.sum();
    }

    private static Object outcome(@Nullable GatehouseException fault) {
        if (fault == null) {
            return ANSWERED;
        }
        return fault instanceof RedisUnavailable unavailable ? unavailable.reason() : REJECTED;
    }

    private DistributionDataPoint point(Purpose purpose, String operation, Object outcome) {
        Map<String, Map<Object, DistributionDataPoint>> operations = known.getOrDefault(purpose, Map.of());
        Map<Object, DistributionDataPoint> outcomes = operations.get(operation);
        if (outcomes == null) {
            outcomes = operations.computeIfAbsent(operation, any -> new ConcurrentHashMap<>());
        }
        DistributionDataPoint point = outcomes.get(outcome);
        if (point == null) {
            point = seconds.labelValues(purpose.label(), label(operation), label(outcome));
            outcomes.put(outcome, point); // whoever was faster has put the same
        }
        return point;
    }

    /** Scripts are named by their files. */
    private static String label(String operation) {
        return operation.replaceFirst("\\.lua$", "").toLowerCase(Locale.ROOT);
    }

    private static String label(Object outcome) {
        return outcome instanceof Reason reason ? reason.label() : outcome.toString();
    }
}
