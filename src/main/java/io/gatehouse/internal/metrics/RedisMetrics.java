package io.gatehouse.internal.metrics;

import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisHealth;
import io.gatehouse.internal.redis.RedisPurpose;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

/** How Redis is for each purpose, as its background check saw it last, and for how long it could not be used. */
final class RedisMetrics {
    private final Redis redis;
    private final Set<RedisPurpose> redisPurposes;
    private final LongSupplier nanoTime;
    private final Map<RedisPurpose, Long> degradedNanos = new EnumMap<>(RedisPurpose.class);
    private final Set<RedisPurpose> down = EnumSet.noneOf(RedisPurpose.class);
    private long lookedAt;

    RedisMetrics(Redis redis, Set<RedisPurpose> redisPurposes, LongSupplier nanoTime) {
        this.redis = redis;
        this.redisPurposes = EnumSet.copyOf(redisPurposes);
        this.nanoTime = nanoTime;
        this.lookedAt = nanoTime.getAsLong();
    }

    void addTo(MetricsRegistry metricsRegistry, RedisCommandMetrics redisCommandMetrics) {
        tell(metricsRegistry, MetricDefinition.REDIS_UP, health -> health.up() ? 1 : 0);
        tell(metricsRegistry, MetricDefinition.REDIS_LATENCY, health -> health.latencyMicros() / 1e6);
        tell(metricsRegistry, MetricDefinition.POOL_ACTIVE, RedisHealth::poolActive);
        tell(metricsRegistry, MetricDefinition.POOL_IDLE, RedisHealth::poolIdle);
        tell(metricsRegistry, MetricDefinition.POOL_WAITING, RedisHealth::poolWaiting);
        tell(metricsRegistry, MetricDefinition.POOL_SIZE, RedisHealth::poolSize);
        tell(metricsRegistry, MetricDefinition.BREAKER_STATE, health -> switch (health.breaker()) {
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
                samples -> look().forEach((redisPurpose, nanos) -> samples.add(nanos / 1e9, redisPurpose.label())));
    }

    private void tell(
            MetricsRegistry metricsRegistry, MetricDefinition metricDefinition, ToDoubleFunction<RedisHealth> value) {
        metricsRegistry.add(
                metricDefinition,
                samples -> redisPurposes.forEach(redisPurpose ->
                        samples.add(value.applyAsDouble(redis.health(redisPurpose)), redisPurpose.label())));
    }

    /** Counts the time since the last look to those that were down then; says how much each has. */
    synchronized Map<RedisPurpose, Long> look() {
        long now = nanoTime.getAsLong();
        for (RedisPurpose redisPurpose : redisPurposes) {
            degradedNanos.merge(redisPurpose, down.contains(redisPurpose) ? now - lookedAt : 0L, Long::sum);
            if (redis.health(redisPurpose).up()) {
                down.remove(redisPurpose);
            } else {
                down.add(redisPurpose);
            }
        }
        lookedAt = now;
        return new EnumMap<>(degradedNanos);
    }
}
