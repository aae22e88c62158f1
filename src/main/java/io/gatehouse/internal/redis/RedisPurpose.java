package io.gatehouse.internal.redis;

import java.util.Locale;

/** What data is for. Each purpose may live on a server of its own, with the eviction policy that suits it. */
public enum RedisPurpose {
    SESSIONS,
    RATE_LIMIT,
    CACHE,
    CACHE_WARMING;

    /** The name in health answers and metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
