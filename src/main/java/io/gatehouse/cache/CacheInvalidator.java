package io.gatehouse.cache;

import java.time.Duration;
import java.util.UUID;

/**
 * Takes entries out of the cache on all nodes. When a method returns, Redis has none of them any more, this node neither, and
 * the nodes that have confirmed neither. What is being loaded meanwhile is not stored. Every method throws
 * {@link io.gatehouse.redis.RedisUnavailable} if Redis could not be told: some may be gone then. Safe for use by several threads.
 */
public final class CacheInvalidator {
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final CacheManager cache;
    private final CacheStore store;
    private final Coherence coherence;

    CacheInvalidator(CacheManager cache, CacheStore store, Coherence coherence) {
        this.cache = cache;
        this.store = store;
        this.coherence = coherence;
    }

    /** Takes out what is known of a user: the key in the region {@code user}, and all with the tag {@code user:<id>}. */
    public Invalidation invalidateUserCache(String user) {
        CacheKeys.checked(user);
        return confirmed(request -> {
            long removed = cache.region("user").remove(user) ? 1 : 0;
            return removed + tag("user:" + user, request);
        });
    }

    /**
     * Takes out what fits.
     *
     * @param pattern a region, a colon, and a pattern of keys in which {@code *} is any text and {@code ?} one character;
     *     without a region it is the region {@code default}. All else stands for itself
     * @throws IllegalArgumentException if it would fit everything and names no region
     */
    public Invalidation invalidateByPattern(String pattern) {
        CacheManager.Place place = cache.place(pattern);
        KeyPattern keys = new KeyPattern(place.key());
        if (!place.named() && keys.fitsEverything()) {
            throw new IllegalArgumentException("the pattern " + pattern
                    + " fits everything; name the region, such as user:*, or use invalidateAll");
        }
        return removeAll(place.region(), keys);
    }

    /** Takes out all with a tag. */
    public Invalidation invalidateByTag(String tag) {
        CacheKeys.checked(tag);
        return confirmed(request -> tag(tag, request));
    }

    /**
     * Takes out all of a region.
     *
     * @throws IllegalArgumentException if there is no such region
     */
    public Invalidation invalidateAll(String region) {
        return removeAll(cache.region(region), new KeyPattern("*"));
    }

    private Invalidation removeAll(CacheRegion region, KeyPattern keys) {
        return confirmed(request -> {
            try {
                return store.removeAll(region.settings(), keys, request);
            } finally {
                region.first.invalidate((key, entry) -> keys.fits(key));
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

    private Invalidation confirmed(Work work) {
        String request = UUID.randomUUID().toString();
        coherence.expect(request);
        boolean told = false;
        int confirmed = 0;
        long entries;
        try {
            entries = work.run(request);
            told = true;
        } finally {
            confirmed = coherence.confirmed(request, told ? PATIENCE : Duration.ZERO);
        }
        return new Invalidation(entries, confirmed, coherence.nodes());
    }

    private interface Work {
        long run(String request);
    }
}
