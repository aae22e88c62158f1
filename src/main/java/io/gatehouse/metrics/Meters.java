package io.gatehouse.metrics;

import io.gatehouse.cache.DefaultCacheManager;
import io.gatehouse.jobs.JobObserver;
import io.gatehouse.ratelimit.LimitEngine;
import io.gatehouse.ratelimit.LoginEngine;
import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.Redis;
import io.gatehouse.redis.RedisObserver;
import io.gatehouse.session.SaveObserver;
import io.gatehouse.session.SessionCounters;
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
public final class Meters {
    /** How often {@link #refresh} is to be called. */
    public static final Duration REFRESH = Duration.ofSeconds(15);
    /** How often {@link #look} is to be called. */
    public static final Duration LOOK = Duration.ofSeconds(5);

    private final LongSupplier nanoTime;
    private final Board board;
    private final Exchanges exchanges;
    private final SessionWatch sessions;
    private final JobWatch jobs;
    private @Nullable RedisWatch redis;
    private @Nullable LongSupplier activeSessions;

    /** @param application the value of the label that every sample has */
    public Meters(String application, InstantSource clock, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.board = new Board(application);
        this.exchanges = new Exchanges(board);
        this.sessions = new SessionWatch(board);
        this.jobs = new JobWatch(board, clock);
    }

    /** Measures exchanges with Redis. */
    public RedisObserver exchanges() {
        return exchanges;
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
    public void watch(Redis server, Set<Purpose> purposes) {
        RedisWatch watch = new RedisWatch(server, purposes, nanoTime);
        watch.addTo(board, exchanges);
        redis = watch;
    }

    /**
     * From now on shows what becomes of sessions.
     *
     * @param active counts them, which may cost exchanges with Redis
     */
    public void watch(SessionCounters counters, LongSupplier active) {
        sessions.addTo(board, counters);
        activeSessions = active;
    }

    /** From now on shows what is limited. */
    public void watch(LimitEngine limiter, LoginEngine logins) {
        LimitWatch.addTo(board, limiter, logins);
    }

    /** From now on shows what the cache does. */
    public void watch(DefaultCacheManager cache) {
        CacheWatch.addTo(board, cache);
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
        return board.look();
    }

    /** The same for ourselves: nobody has asked, so nothing is to be counted for it. */
    MetricSnapshots ownLook() {
        return board.look();
    }
}
