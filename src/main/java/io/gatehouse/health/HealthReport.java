package io.gatehouse.health;

import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.Redis;
import io.gatehouse.redis.RedisHealth;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** What can be said about Redis right now, for each purpose in use. Safe for use by several threads. */
public final class HealthReport {
    private final String application;
    private final Redis redis;
    private final Set<Purpose> purposes;
    private final Set<Purpose> required;
    private final BooleanSupplier warm;

    /**
     * A report on some purposes.
     *
     * @param required those without which the application cannot do its work
     * @param warm whether the cache is as warm as it has to be before requests come
     */
    public HealthReport(
            String application, Redis redis, Set<Purpose> purposes, Set<Purpose> required, BooleanSupplier warm) {
        this.application = application;
        this.redis = redis;
        this.purposes = Set.copyOf(purposes);
        this.required = Set.copyOf(required);
        this.warm = warm;
    }

    /** Names our checks, so that two applications on one server can be told apart. */
    String application() {
        return application;
    }

    boolean isUp() {
        return required.stream().allMatch(purpose -> redis.health(purpose).up());
    }

    boolean isWarm() {
        return warm.getAsBoolean();
    }

    /** For JSON: status, and for each purpose mode, role, latency, pool and breaker; no host names. */
    Map<String, Object> redis() {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("status", isUp() ? "UP" : "DOWN");
        purposes.stream().sorted().forEach(purpose -> report.put(purpose.label(), report(redis.health(purpose))));
        return report;
    }

    private static Map<String, Object> report(RedisHealth health) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("status", health.up() ? "UP" : "DOWN");
        if (health.fault() != null) {
            report.put("fault", health.fault().label());
        }
        report.put("mode", health.mode());
        report.put("role", health.role());
        report.put("latencyMs", health.latencyMicros() / 1000.0);
        Map<String, Object> pool = new LinkedHashMap<>();
        pool.put("active", health.poolActive());
        pool.put("idle", health.poolIdle());
        pool.put("waiting", health.poolWaiting());
        pool.put("size", health.poolSize());
        report.put("pool", pool);
        report.put("breaker", health.breaker());
        report.put("checkedAt", health.checkedAt().toString());
        return report;
    }
}
