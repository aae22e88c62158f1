package io.gatehouse.internal.health;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.health.RedisReport.PurposeReport;
import io.gatehouse.internal.ops.CacheViews.NodeCacheView;
import io.gatehouse.internal.ops.JobViews.NodeJobsView;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisHealth;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The health of this node, from the last background probe; reading it never reaches Redis. Names no host, and versions only to
 * administrators. Thread-safe.
 */
public final class HealthReport {
    private final String application;
    private final Redis redis;
    private final Set<RedisPurpose> redisPurposes;
    private final Set<RedisPurpose> required;
    private final HealthSettings.Readiness readiness;
    private final BooleanSupplier warm;
    private final Supplier<Optional<NodeCacheView>> cache;
    private final Supplier<Optional<NodeJobsView>> jobs;
    private final Supplier<@Nullable String> sessionIntegration;

    /**
     * Creates a report.
     *
     * @param redisPurposes the purposes to report
     * @param required the purposes without which the application cannot serve requests
     * @param warm returns whether the cache is warm enough for requests
     * @param cache returns the cache of this node, or empty if it is disabled
     * @param jobs returns the jobs of this node, or empty if they are disabled
     * @param sessionIntegration returns whose sessions the container uses, or null without a container
     */
    public HealthReport(
            String application,
            Redis redis,
            Set<RedisPurpose> redisPurposes,
            Set<RedisPurpose> required,
            HealthSettings.Readiness readiness,
            BooleanSupplier warm,
            Supplier<Optional<NodeCacheView>> cache,
            Supplier<Optional<NodeJobsView>> jobs,
            Supplier<@Nullable String> sessionIntegration) {
        this.application = application;
        this.redis = redis;
        this.redisPurposes = new TreeSet<>(redisPurposes);
        this.required = Set.copyOf(required);
        this.readiness = readiness;
        this.warm = warm;
        this.cache = cache;
        this.jobs = jobs;
        this.sessionIntegration = sessionIntegration;
    }

    /**
     * The response to a health request.
     *
     * @param up whether the status is 200, else 503
     */
    public record Answer<T extends Record>(boolean up, T body) {}

    /** Returns status, mode, role, latency, pool and circuit breaker of each purpose, and the statistics of its servers. */
    public Answer<RedisReport> redis(boolean forAdmin) {
        Map<String, PurposeReport> reports = new LinkedHashMap<>();
        boolean up = true;
        boolean degraded = false;
        for (RedisPurpose redisPurpose : redisPurposes) {
            RedisHealth health = redis.health(redisPurpose);
            up &= health.up() || !required.contains(redisPurpose);
            degraded |= !health.up();
            reports.put(redisPurpose.label(), PurposeReport.of(health, redis.serverInfo(redisPurpose), forAdmin));
        }
        return new Answer<>(up, new RedisReport(status(up), degraded, Collections.unmodifiableMap(reports)));
    }

    static String status(boolean up) {
        return up ? "UP" : "DOWN";
    }

    /** Returns whether the cache of this node receives invalidations, and the statistics of its regions since the start. */
    Answer<CacheReport> cache() {
        NodeCacheView view = cache.get().orElse(null);
        if (view == null) {
            return new Answer<>(true, new CacheReport(status(true), false, null, null));
        }
        boolean up = redis.health(RedisPurpose.CACHE).up() && view.connected();
        return new Answer<>(up, new CacheReport(status(up), true, warm.getAsBoolean(), view));
    }

    /** Returns the health of Redis, cache, jobs and process. It is down only if the application cannot serve requests. */
    Answer<SystemReport> system(boolean forAdmin) {
        Answer<RedisReport> redisAnswer = redis(forAdmin);
        Answer<CacheReport> cacheAnswer = cache();
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        boolean degraded = redisAnswer.body().degraded() || !cacheAnswer.up();
        SystemReport report = new SystemReport(
                status(redisAnswer.up()),
                degraded,
                application,
                Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime()),
                redisAnswer.body(),
                cacheAnswer.body(),
                jobs.get(),
                new SystemReport.Heap(heap.getUsed(), heap.getMax()),
                sessionIntegration.get(),
                forAdmin ? Runtime.version().toString() : null);
        return new Answer<>(redisAnswer.up(), report);
    }

    /** Returns up always. Liveness ignores Redis, because a restart would not fix it. */
    Answer<ProbeReport> live() {
        return probe("gatehouse-alive", true, Map.of());
    }

    /** Returns up while sessions can be read and written, if that is required, but not before the cache is warm enough. */
    Answer<ProbeReport> ready() {
        boolean up = true;
        boolean degraded = false;
        Map<String, Object> byPurpose = new LinkedHashMap<>();
        for (RedisPurpose redisPurpose : redisPurposes) {
            RedisHealth health = redis.health(redisPurpose);
            up &= health.up() || !required.contains(redisPurpose);
            degraded |= !health.up();
            byPurpose.put(redisPurpose.label() + ".status", status(health.up()));
            if (health.fault() != null) {
                byPurpose.put(redisPurpose.label() + ".fault", health.fault().label());
            }
            byPurpose.put(redisPurpose.label() + ".mode", health.mode());
            byPurpose.put(redisPurpose.label() + ".latencyMs", String.valueOf(health.latencyMicros() / 1000.0));
            byPurpose.put(redisPurpose.label() + ".breaker", health.breaker());
        }
        boolean warmEnough = warm.getAsBoolean();
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("cache.warm", warmEnough);
        data.put("degraded", degraded);
        data.putAll(byPurpose);
        return probe("gatehouse-redis", warmEnough && (up || readiness == HealthSettings.Readiness.OPTIONAL), data);
    }

    /** Returns up once Gatehouse guards the application, even if Redis is unavailable. */
    Answer<ProbeReport> started() {
        return probe("gatehouse-started", true, Map.of());
    }

    private Answer<ProbeReport> probe(String name, boolean up, Map<String, Object> data) {
        return new Answer<>(up, ProbeReport.of(name + '/' + application, status(up), data));
    }
}
