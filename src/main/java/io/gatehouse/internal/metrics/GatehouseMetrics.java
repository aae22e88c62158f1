package io.gatehouse.internal.metrics;

import io.gatehouse.internal.cache.DefaultCacheManager;
import io.gatehouse.internal.jobs.JobObserver;
import io.gatehouse.internal.login.LoginEngine;
import io.gatehouse.internal.ratelimit.LimitEngine;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisObserver;
import io.gatehouse.internal.redis.RedisPurpose;
import io.gatehouse.internal.session.SaveObserver;
import io.gatehouse.internal.session.SessionCounters;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one application on one node has counted and measured since it started. It hands out the observers that the core takes,
 * is shown what the core counts by itself, and never asks Redis when somebody looks. Safe for use by several threads; what is
 * watched has to be told before the first look.
 */
public final class GatehouseMetrics {
    /** How often {@link #refresh} is to be called. */
    public static final Duration REFRESH = Duration.ofSeconds(15);
    /** How often {@link #look} is to be called. */
    public static final Duration LOOK = Duration.ofSeconds(5);

    private final LongSupplier nanoTime;
    private final MetricsRegistry metricsRegistry;
    private final RedisCommandMetrics redisCommandMetrics;
    private final SessionMetrics sessions;
    private final JobMetrics jobs;
    private @Nullable RedisMetrics redis;
    private @Nullable LongSupplier activeSessions;

    /** @param application the value of the label that every sample has */
    public GatehouseMetrics(String application, InstantSource clock, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.metricsRegistry = new MetricsRegistry(application);
        this.redisCommandMetrics = new RedisCommandMetrics(metricsRegistry);
        this.sessions = new SessionMetrics(metricsRegistry);
        this.jobs = new JobMetrics(metricsRegistry, clock);
    }

    /** Measures exchanges with Redis. */
    public RedisObserver exchanges() {
        return redisCommandMetrics;
    }

    /** Measures the storing of sessions. */
    public SaveObserver saves() {
        return sessions;
    }

    /** Measures runs of jobs. */
    public JobObserver jobs() {
        return jobs;
    }

    /** From now on shows how Redis is. */
    public void watch(Redis server, Set<RedisPurpose> redisPurposes) {
        RedisMetrics watch = new RedisMetrics(server, redisPurposes, nanoTime);
        watch.addTo(metricsRegistry, redisCommandMetrics);
        redis = watch;
    }

    /**
     * From now on shows what becomes of sessions.
     *
     * @param active counts them, which may cost exchanges with Redis
     */
    public void watch(SessionCounters counters, LongSupplier active) {
        sessions.addTo(metricsRegistry, counters);
        activeSessions = active;
    }

    /** From now on shows what is limited. */
    public void watch(LimitEngine limiter, LoginEngine logins) {
        LimitMetrics.addTo(metricsRegistry, limiter, logins);
    }

    /** From now on shows what the cache does. */
    public void watch(DefaultCacheManager cache) {
        CacheMetrics.addTo(metricsRegistry, cache);
    }

    /** Sees whether Redis is there; never asks it. */
    public void look() {
        if (redis != null) {
            redis.look();
        }
    }

    /** Asks Redis what can only be had from there, if somebody has looked since the last time: how many sessions there are. */
    public void refresh() {
        if (activeSessions != null) {
            sessions.count(activeSessions);
        }
    }

    /** What all metrics say now, to somebody who wants to know. */
    MetricSnapshots snapshots() {
        sessions.wanted();
        return metricsRegistry.look();
    }

    /** The same for ourselves: nobody has asked, so nothing is to be counted for it. */
    MetricSnapshots ownLook() {
        return metricsRegistry.look();
    }
}
