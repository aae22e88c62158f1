package io.gatehouse.internal.metrics;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.cache.DefaultCacheManager;
import io.gatehouse.internal.jobs.JobObserver;
import io.gatehouse.internal.login.LoginEngine;
import io.gatehouse.internal.oidc.LogoutCounters;
import io.gatehouse.internal.oidc.LogoutOutcome;
import io.gatehouse.internal.ratelimit.LimitEngine;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisObserver;
import io.gatehouse.internal.session.SaveObserver;
import io.gatehouse.internal.session.SessionCounters;
import io.gatehouse.internal.springsession.ImportCounters;
import io.gatehouse.internal.springsession.ImportOutcome;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of one application on one node since its start. Provides the observers that other components notify, and reads the
 * counters that they keep. A scrape never calls Redis. Thread-safe; all {@code observe} methods must be called before the first scrape.
 */
public final class GatehouseMetrics {
    /** How often {@link #refresh} must be called. */
    public static final Duration REFRESH_INTERVAL = Duration.ofSeconds(15);
    /** How often {@link #recordHealth} must be called. */
    public static final Duration HEALTH_INTERVAL = Duration.ofSeconds(5);

    private final String application;
    private final LongSupplier nanoTime;
    private final MetricsRegistry metricsRegistry;
    private final RedisCommandMetrics redisCommandMetrics;
    private final SessionMetrics sessions;
    private final JobMetrics jobs;
    private @Nullable RedisMetrics redis;
    private @Nullable LongSupplier activeSessions;

    /** @param application the value of the label {@code application}, which all samples have */
    public GatehouseMetrics(String application, InstantSource clock, LongSupplier nanoTime) {
        this.application = application;
        this.nanoTime = nanoTime;
        this.metricsRegistry = new MetricsRegistry(application);
        this.redisCommandMetrics = new RedisCommandMetrics(metricsRegistry);
        this.sessions = new SessionMetrics(metricsRegistry);
        this.jobs = new JobMetrics(metricsRegistry, clock);
    }

    /** Returns the observer of exchanges with Redis. */
    public RedisObserver exchanges() {
        return redisCommandMetrics;
    }

    /** Returns the observer of stored sessions. */
    public SaveObserver saves() {
        return sessions;
    }

    /** Returns the observer of job runs. */
    public JobObserver jobs() {
        return jobs;
    }

    /** Adds the health of Redis for some purposes. */
    public void observe(Redis server, Set<RedisPurpose> redisPurposes) {
        RedisMetrics added = new RedisMetrics(server, redisPurposes, nanoTime);
        added.addTo(metricsRegistry, redisCommandMetrics);
        redis = added;
    }

    /**
     * Adds the counters of sessions.
     *
     * @param active counts the sessions of all nodes, which takes round trips to Redis
     */
    public void observe(SessionCounters counters, LongSupplier active) {
        sessions.addTo(metricsRegistry, counters);
        activeSessions = active;
    }

    /** Adds the decisions of the rate limits and the login protection. */
    public void observe(LimitEngine limiter, LoginEngine logins) {
        LimitMetrics.addTo(metricsRegistry, limiter, logins);
    }

    /** Adds the counts of logout requests of the OpenID provider. */
    public void observe(LogoutCounters logouts) {
        metricsRegistry.add(MetricDefinition.OIDC_LOGOUTS, samples -> {
            for (LogoutOutcome outcome : LogoutOutcome.values()) {
                samples.add(logouts.of(outcome), outcome.label());
            }
        });
    }

    /** Adds the counts of imported sessions of Spring Session. */
    public void observe(ImportCounters imports) {
        metricsRegistry.add(MetricDefinition.SESSION_IMPORTS, samples -> {
            for (ImportOutcome outcome : ImportOutcome.values()) {
                samples.add(imports.of(outcome), outcome.label());
            }
        });
        metricsRegistry.add(
                MetricDefinition.SESSION_IMPORT_ATTRIBUTES_LEFT_OUT,
                samples -> samples.add(imports.attributesLeftOut()));
    }

    /** Adds the statistics of the cache. */
    public void observe(DefaultCacheManager cache) {
        CacheMetrics.addTo(metricsRegistry, cache);
    }

    /** Records how long Redis has been unavailable, from the last background probe. Does not call Redis. */
    public void recordHealth() {
        if (redis != null) {
            redis.recordOutages();
        }
    }

    /** Counts the active sessions in Redis, if there was a scrape since the last count. */
    public void refresh() {
        if (activeSessions != null) {
            sessions.count(activeSessions);
        }
    }

    /** Returns the current values for a client, and has the active sessions counted at the next {@link #refresh}. */
    MetricSnapshots scrape() {
        sessions.onScrape();
        return metricsRegistry.snapshots();
    }

    /** Returns the value of the label {@code application}. */
    String application() {
        return application;
    }

    MetricsRegistry registry() {
        return metricsRegistry;
    }

    /** Has the active sessions counted at the next {@link #refresh}, because a client reads values one by one. */
    void onRead() {
        sessions.onScrape();
    }

    /** Returns the current values for Gatehouse's own use, which does not cause a count of the active sessions. */
    MetricSnapshots snapshots() {
        return metricsRegistry.snapshots();
    }
}
