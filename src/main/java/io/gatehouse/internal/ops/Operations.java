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
 * What an operator can see and do in one application, by topic.
 *
 * <p>Every method of every topic throws {@link IllegalArgumentException} if what it is given is not as it says, {@link NotFoundException}
 * if that does not exist, {@link FeatureDisabledException} if it is off here, and {@link io.gatehouse.RedisUnavailableException} if Redis cannot do
 * it now; nothing has happened then unless that exception says so. Safe for use by several threads.
 */
public final class Operations {
    private final SessionOperations sessions;
    private final LimitOperations limits;
    private final CacheOperations cache;
    private final JobOperations jobs;
    private final KeyRing keys;
    private final LimitEngine limiter;
    private final List<Config.Value> configuration;

    /**
     * Over the capabilities of an application.
     *
     * @param cache null if it is off, as are the jobs then
     * @param configuration what the settings are, with secrets masked
     */
    public Operations(
            RedisSessionManager sessions,
            LimitEngine limiter,
            LoginEngine guard,
            @Nullable DefaultCacheManager cache,
            @Nullable RedisJobs jobs,
            KeyRing keys,
            List<Config.Value> configuration) {
        this.sessions = new SessionOperations(sessions);
        this.limits = new LimitOperations(limiter, guard);
        this.jobs = new JobOperations(jobs);
        this.cache = new CacheOperations(cache, this.jobs);
        this.keys = keys;
        this.limiter = limiter;
        this.configuration = List.copyOf(configuration);
    }

    public SessionOperations sessions() {
        return sessions;
    }

    public LimitOperations limits() {
        return limits;
    }

    public CacheOperations cache() {
        return cache;
    }

    public JobOperations jobs() {
        return jobs;
    }

    /** The id of each signing key, and whether it signs or only verifies. */
    public KeyList keys() {
        return KeyList.of(keys);
    }

    /** The settings with their sources; secrets are masked. */
    public SettingList configuration() {
        return configuration(configuration);
    }

    /** The same of settings that need not be valid. */
    public static SettingList configuration(List<Config.Value> values) {
        return SettingList.of(values);
    }

    /** The applications that share this Redis and the prefix of its keys. */
    public ApplicationList applications() {
        return ApplicationList.of(limiter.applications());
    }
}
