package io.gatehouse.operate;

import io.gatehouse.cache.DefaultCacheManager;
import io.gatehouse.config.Config;
import io.gatehouse.jobs.Jobs;
import io.gatehouse.jobs.RedisJobs;
import io.gatehouse.operate.ConfigurationViews.ApplicationList;
import io.gatehouse.operate.ConfigurationViews.KeyList;
import io.gatehouse.operate.ConfigurationViews.SettingList;
import io.gatehouse.ratelimit.LimitEngine;
import io.gatehouse.ratelimit.LoginEngine;
import io.gatehouse.ratelimit.LoginGuard;
import io.gatehouse.ratelimit.RateLimiter;
import io.gatehouse.session.RedisSessionManager;
import io.gatehouse.session.SessionManager;
import io.gatehouse.signing.KeyRing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operator can see and do in one application, by topic.
 *
 * <p>Every method of every topic throws {@link IllegalArgumentException} if what it is given is not as it says, {@link NotThere}
 * if that does not exist, {@link SwitchedOff} if it is off here, and {@link io.gatehouse.redis.RedisUnavailable} if Redis cannot do
 * it now; nothing has happened then unless that exception says so. Safe for use by several threads.
 */
public final class Operator {
    private final SessionDesk sessions;
    private final LimitDesk limits;
    private final CacheDesk cache;
    private final JobDesk jobs;
    private final KeyRing keys;
    private final LimitEngine limiter;
    private final List<Config.Value> configuration;

    /**
     * Over the capabilities of an application.
     *
     * @param cache null if it is off, as are the jobs then
     * @param configuration what the settings are, with secrets masked
     */
    public Operator(
            RedisSessionManager sessions,
            LimitEngine limiter,
            LoginEngine guard,
            @Nullable DefaultCacheManager cache,
            @Nullable RedisJobs jobs,
            KeyRing keys,
            List<Config.Value> configuration) {
        this.sessions = new SessionDesk(sessions);
        this.limits = new LimitDesk(limiter, guard);
        this.jobs = new JobDesk(jobs);
        this.cache = new CacheDesk(cache, this.jobs);
        this.keys = keys;
        this.limiter = limiter;
        this.configuration = List.copyOf(configuration);
    }

    public SessionDesk sessions() {
        return sessions;
    }

    public LimitDesk limits() {
        return limits;
    }

    public CacheDesk cache() {
        return cache;
    }

    public JobDesk jobs() {
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
