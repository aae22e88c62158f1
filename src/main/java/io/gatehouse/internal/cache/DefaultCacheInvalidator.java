package io.gatehouse.internal.cache;

import io.gatehouse.cache.CacheInvalidator;
import io.gatehouse.cache.InvalidationResult;
import java.time.Duration;
import java.util.UUID;

/**
 * Invalidates in Redis and in this process, publishes the invalidation, and waits up to {@link #CONFIRMATION_TIMEOUT} for the confirmations
 * of other nodes. Thread-safe.
 */
public final class DefaultCacheInvalidator implements CacheInvalidator {
    private static final Duration CONFIRMATION_TIMEOUT = Duration.ofMillis(500);

    private final Regions regions;
    private final RedisCacheStore store;
    private final InvalidationTracker tracker;

    DefaultCacheInvalidator(Regions regions, RedisCacheStore store, InvalidationTracker tracker) {
        this.regions = regions;
        this.store = store;
        this.tracker = tracker;
    }

    @Override
    public InvalidationResult invalidateUserCache(String user) {
        CacheKeys.checked(user);
        return runConfirmed(request -> {
            long removed = regions.get("user").remove(user) ? 1 : 0;
            return removed + invalidateTag("user:" + user, request);
        });
    }

    @Override
    public InvalidationResult invalidateByPattern(String pattern) {
        Matching matching = matching(pattern);
        return removeAll(matching.region(), matching.keys());
    }

    /** The keys that a pattern names: those of one region that match a glob. */
    record Matching(DefaultCacheRegion region, KeyPattern keys) {}

    /**
     * Returns the keys that a pattern names.
     *
     * @throws IllegalArgumentException if it names no region and matches every key
     */
    Matching matching(String pattern) {
        Regions.KeyLocation location = regions.locate(pattern);
        KeyPattern keys = new KeyPattern(location.key());
        if (!location.named() && keys.matchesEverything()) {
            throw new IllegalArgumentException("The pattern " + pattern
                    + " matches every key; name the region, such as user:*, or call invalidateAll");
        }
        return new Matching(location.region(), keys);
    }

    @Override
    public InvalidationResult invalidateByTag(String tag) {
        CacheKeys.checked(tag);
        return runConfirmed(request -> invalidateTag(tag, request));
    }

    @Override
    public InvalidationResult invalidateAll(String region) {
        return removeAll(regions.get(region), new KeyPattern("*"));
    }

    private InvalidationResult removeAll(DefaultCacheRegion region, KeyPattern keys) {
        return runConfirmed(request -> {
            try {
                return store.removeAll(region.settings(), keys, request);
            } finally {
                region.localCache.invalidate((key, entry) -> keys.matches(key));
            }
        });
    }

    private long invalidateTag(String tag, String request) {
        long removed;
        try {
            store.invalidateTag(tag, request, regions.longestVersionTtl());
        } finally {
            removed = regions.dropTag(tag);
        }
        return removed;
    }

    private InvalidationResult runConfirmed(Work work) {
        String request = UUID.randomUUID().toString();
        tracker.expectConfirmations(request);
        boolean published = false;
        int confirmed = 0;
        long entries;
        try {
            entries = work.run(request);
            published = true;
        } finally {
            confirmed = tracker.awaitConfirmations(request, published ? CONFIRMATION_TIMEOUT : Duration.ZERO);
        }
        return new InvalidationResult(entries, confirmed, tracker.nodes());
    }

    /** Invalidates in Redis and in this process; returns the number of removed entries. */
    private interface Work {
        long run(String request);
    }
}
