package io.gatehouse;

import java.util.Locale;

/**
 * A use of Redis. Each purpose has its own URL, so that it can have its own server, with an eviction policy that suits it.
 *
 * <pre>{@code
 * UnifiedJedis redis = gatehouse.redis(RedisPurpose.CACHE);
 * redis.set("shop:news", "ready");
 * }</pre>
 */
public enum RedisPurpose {
    /** Sessions: {@code REDIS_SESSION_URL}. */
    SESSIONS,
    /** The counters of rate limits and failed logins: {@code REDIS_RATE_LIMIT_URL}. */
    RATE_LIMIT,
    /** The second level of the cache: {@code REDIS_URL}. */
    CACHE,
    /** Usage statistics of the cache, the job queue and leases: {@code REDIS_CACHE_WARMING_URL}. */
    CACHE_WARMING;

    /** Returns the name in health reports and metrics, such as {@code rate_limit}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
