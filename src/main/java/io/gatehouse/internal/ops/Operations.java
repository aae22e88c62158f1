package io.gatehouse.internal.ops;

import io.gatehouse.internal.cache.DefaultCacheManager;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.jobs.RedisJobs;
import io.gatehouse.internal.login.LoginEngine;
import io.gatehouse.internal.ops.ConfigurationViews.ApplicationList;
import io.gatehouse.internal.ops.ConfigurationViews.KeyList;
import io.gatehouse.internal.ops.ConfigurationViews.SettingList;
import io.gatehouse.internal.ratelimit.LimitEngine;
import io.gatehouse.internal.session.RedisSessionManager;
import io.gatehouse.internal.signing.KeyRing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The administrative operations on one application, grouped by topic. The admin API and the command line share them.
 *
 * <p>Every operation throws {@link IllegalArgumentException} if an argument is invalid, {@link NotFoundException} if the session or run
 * does not exist, {@link FeatureDisabledException} if the feature is disabled, and {@link io.gatehouse.RedisUnavailableException} if
 * Redis is unavailable. An operation that throws has changed nothing, unless the exception says otherwise. Thread-safe.
 */
public final class Operations {
    private final SessionOperations sessions;
    private final LimitOperations limits;
    private final CacheOperations cache;
    private final JobOperations jobs;
    private final KeyRing keys;
    private final LimitEngine limitEngine;
    private final List<Config.Value> configuration;

    /**
     * Creates the operations of an application.
     *
     * @param cache the cache, or null if it is disabled
     * @param configuration the settings, with secrets masked
     */
    public Operations(
            RedisSessionManager sessions,
            LimitEngine limitEngine,
            LoginEngine loginEngine,
            @Nullable DefaultCacheManager cache,
            RedisJobs jobs,
            KeyRing keys,
            List<Config.Value> configuration) {
        this.sessions = new SessionOperations(sessions);
        this.limits = new LimitOperations(limitEngine, loginEngine);
        this.jobs = new JobOperations(jobs);
        this.cache = new CacheOperations(cache, this.jobs);
        this.keys = keys;
        this.limitEngine = limitEngine;
        this.configuration = List.copyOf(configuration);
    }

    /** Returns the operations on sessions. */
    public SessionOperations sessions() {
        return sessions;
    }

    /** Returns the operations on rate limits and locked accounts. */
    public LimitOperations limits() {
        return limits;
    }

    /** Returns the operations on the cache. */
    public CacheOperations cache() {
        return cache;
    }

    /** Returns the operations on jobs. */
    public JobOperations jobs() {
        return jobs;
    }

    /** Returns the ids of the signing keys, and which of them signs. */
    public KeyList keys() {
        return KeyList.of(keys);
    }

    /** Returns the settings with their sources; secrets are masked. */
    public SettingList configuration() {
        return configuration(configuration);
    }

    /** Returns the view of settings that may be invalid. */
    public static SettingList configuration(List<Config.Value> values) {
        return SettingList.of(values);
    }

    /** Returns the applications that share this Redis and this key prefix. */
    public ApplicationList applications() {
        return ApplicationList.of(limitEngine.applications());
    }
}
