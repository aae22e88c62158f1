package io.gatehouse.internal.metrics;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisHealth;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

/** The health of Redis for each purpose, as of the last background probe, and how long it has been unavailable. Thread-safe. */
final class RedisMetrics {
    private final Redis redis;
    private final Set<RedisPurpose> redisPurposes;
    private final LongSupplier nanoTime;
    private final Map<RedisPurpose, Long> degradedNanos = new EnumMap<>(RedisPurpose.class);
    private final Set<RedisPurpose> down = EnumSet.noneOf(RedisPurpose.class);
    private long recordedAt;

    RedisMetrics(Redis redis, Set<RedisPurpose> redisPurposes, LongSupplier nanoTime) {
        this.redis = redis;
        this.redisPurposes = EnumSet.copyOf(redisPurposes);
        this.nanoTime = nanoTime;
        this.recordedAt = nanoTime.getAsLong();
    }

    void addTo(MetricsRegistry metricsRegistry, RedisCommandMetrics redisCommandMetrics) {
        new RedisServerMetrics(redis, redisPurposes).addTo(metricsRegistry);
        addByPurpose(metricsRegistry, MetricDefinition.REDIS_UP, health -> health.up() ? 1 : 0);
        addByPurpose(metricsRegistry, MetricDefinition.REDIS_LATENCY, health -> health.latencyMicros() / 1e6);
        addByPurpose(metricsRegistry, MetricDefinition.POOL_ACTIVE, RedisHealth::poolActive);
        addByPurpose(metricsRegistry, MetricDefinition.POOL_IDLE, RedisHealth::poolIdle);
        addByPurpose(metricsRegistry, MetricDefinition.POOL_WAITING, RedisHealth::poolWaiting);
        addByPurpose(metricsRegistry, MetricDefinition.POOL_SIZE, RedisHealth::poolSize);
        addByPurpose(metricsRegistry, MetricDefinition.BREAKER_STATE, health -> switch (health.breaker()) {
            case "closed" -> 0;
            case "half-open" -> 1;
            default -> 2;
        });
        metricsRegistry.add(
                MetricDefinition.POOL_TIMEOUTS,
                samples -> redisPurposes.forEach(
                        redisPurpose -> samples.add(redisCommandMetrics.timeouts(redisPurpose), redisPurpose.label())));
        metricsRegistry.add(
                MetricDefinition.DEGRADED_SECONDS,
                samples -> recordOutages()
                        .forEach((redisPurpose, nanos) -> samples.add(nanos / 1e9, redisPurpose.label())));
    }

    private void addByPurpose(
            MetricsRegistry metricsRegistry, MetricDefinition metricDefinition, ToDoubleFunction<RedisHealth> value) {
        metricsRegistry.add(
                metricDefinition,
                samples -> redisPurposes.forEach(redisPurpose ->
                        samples.add(value.applyAsDouble(redis.health(redisPurpose)), redisPurpose.label())));
    }

    /** Adds the time since the last call to the purposes that were down then, and returns the total downtime of each purpose. */
    synchronized Map<RedisPurpose, Long> recordOutages() {
        long now = nanoTime.getAsLong();
        for (RedisPurpose redisPurpose : redisPurposes) {
            degradedNanos.merge(redisPurpose, down.contains(redisPurpose) ? now - recordedAt : 0L, Long::sum);
            if (redis.health(redisPurpose).up()) {
                down.remove(redisPurpose);
            } else {
                down.add(redisPurpose);
            }
        }
        recordedAt = now;
        return new EnumMap<>(degradedNanos);
    }
}
