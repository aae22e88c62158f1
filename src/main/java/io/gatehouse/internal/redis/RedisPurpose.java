package io.gatehouse.internal.redis;

import java.util.Locale;

/** A use of Redis. Each purpose may have its own server, with an eviction policy that suits it. */
public enum RedisPurpose {
    SESSIONS,
    RATE_LIMIT,
    CACHE,
    CACHE_WARMING;

    /** Returns the name in health reports and metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
