package io.gatehouse.internal.cache;

import io.gatehouse.cache.CacheInvalidator;
import io.gatehouse.cache.InvalidationResult;
import java.time.Duration;
import java.util.UUID;

/**
 * Invalidates in Redis and in this process, publishes the invalidation, and waits up to {@link #PATIENCE} for the confirmations
 * of other nodes. Thread-safe.
 */
public final class DefaultCacheInvalidator implements CacheInvalidator {
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final DefaultCacheManager cache;
    private final RedisCacheStore store;
    private final InvalidationTracker invalidationTracker;

    DefaultCacheInvalidator(DefaultCacheManager cache, RedisCacheStore store, InvalidationTracker invalidationTracker) {
        this.cache = cache;
        this.store = store;
        this.invalidationTracker = invalidationTracker;
    }

    @Override
    public InvalidationResult invalidateUserCache(String user) {
        CacheKeys.checked(user);
        return confirmed(request -> {
            long removed = cache.region("user").remove(user) ? 1 : 0;
            return removed + tag("user:" + user, request);
        });
    }

    @Override
    public InvalidationResult invalidateByPattern(String pattern) {
        DefaultCacheManager.Place place = cache.place(pattern);
        KeyPattern keys = new KeyPattern(place.key());
        if (!place.named() && keys.fitsEverything()) {
            throw new IllegalArgumentException("the pattern " + pattern
                    + " fits everything; name the region, such as user:*, or use invalidateAll");
        }
        return removeAll(place.region(), keys);
    }

    @Override
    public InvalidationResult invalidateByTag(String tag) {
        CacheKeys.checked(tag);
        return confirmed(request -> tag(tag, request));
    }

    @Override
    public InvalidationResult invalidateAll(String region) {
        return removeAll(cache.region(region), new KeyPattern("*"));
    }

    private InvalidationResult removeAll(DefaultCacheRegion region, KeyPattern keys) {
        return confirmed(request -> {
            try {
                return store.removeAll(region.settings(), keys, request);
            } finally {
                region.first.invalidate((key, cacheEntry) -> keys.fits(key));
            }
        });
    }

    private long tag(String tag, String request) {
        long removed;
        try {
            store.outdateTag(tag, request, cache.longestKept());
        } finally {
            removed = cache.forgetTag(tag);
        }
        return removed;
    }

    private InvalidationResult confirmed(Work work) {
        String request = UUID.randomUUID().toString();
        invalidationTracker.expect(request);
        boolean told = false;
        int confirmed = 0;
        long entries;
        try {
            entries = work.run(request);
            told = true;
        } finally {
            confirmed = invalidationTracker.confirmed(request, told ? PATIENCE : Duration.ZERO);
        }
        return new InvalidationResult(entries, confirmed, invalidationTracker.nodes());
    }

    private interface Work {
        long run(String request);
    }
}
