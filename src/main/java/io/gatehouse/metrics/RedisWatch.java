package io.gatehouse.metrics;

import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.Redis;
import io.gatehouse.redis.RedisHealth;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

/** How Redis is for each purpose, as its background check saw it last, and for how long it could not be used. */
final class RedisWatch {
    private final Redis redis;
    private final Set<Purpose> purposes;
    private final LongSupplier nanoTime;
    private final Map<Purpose, Long> degradedNanos = new EnumMap<>(Purpose.class);
    private final Set<Purpose> down = EnumSet.noneOf(Purpose.class);
    private long lookedAt;

    RedisWatch(Redis redis, Set<Purpose> purposes, LongSupplier nanoTime) {
        this.redis = redis;
        this.purposes = EnumSet.copyOf(purposes);
        this.nanoTime = nanoTime;
        this.lookedAt = nanoTime.getAsLong();
    }

    void addTo(Board board, Exchanges exchanges) {
        tell(board, Family.REDIS_UP, health -> health.up() ? 1 : 0);
        tell(board, Family.REDIS_LATENCY, health -> health.latencyMicros() / 1e6);
        tell(board, Family.POOL_ACTIVE, RedisHealth::poolActive);
        tell(board, Family.POOL_IDLE, RedisHealth::poolIdle);
        tell(board, Family.POOL_WAITING, RedisHealth::poolWaiting);
        tell(board, Family.POOL_SIZE, RedisHealth::poolSize);
        tell(board, Family.BREAKER_STATE, health -> switch (health.breaker()) {
            case "closed" -> 0;
            case "half-open" -> 1;
            default -> 2;
        });
        board.add(
                Family.POOL_TIMEOUTS,
                samples -> purposes.forEach(purpose -> samples.add(exchanges.timeouts(purpose), purpose.label())));
        board.add(
                Family.DEGRADED_SECONDS,
                samples -> look().forEach((purpose, nanos) -> samples.add(nanos / 1e9, purpose.label())));
    }

    private void tell(Board board, Family family, ToDoubleFunction<RedisHealth> value) {
        board.add(
                family,
                samples -> purposes.forEach(
                        purpose -> samples.add(value.applyAsDouble(redis.health(purpose)), purpose.label())));
    }

    /** Counts the time since the last look to those that were down then; says how much each has. */
    synchronized Map<Purpose, Long> look() {
        long now = nanoTime.getAsLong();
        for (Purpose purpose : purposes) {
            degradedNanos.merge(purpose, down.contains(purpose) ? now - lookedAt : 0L, Long::sum);
            if (redis.health(purpose).up()) {
                down.remove(purpose);
            } else {
                down.add(purpose);
            }
        }
        lookedAt = now;
        return new EnumMap<>(degradedNanos);
    }
}
