package io.gatehouse.internal.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a region in this process. An invalidation that comes between the reading of a value and its arrival here keeps
 * it out: whoever reads takes a stamp before, and an entry with an outdated stamp is not let in. Safe for use by several
 * threads.
 */
final class LocalCache {
    private static final int STRIPES = 1024;
    private static final int OVERHEAD = 200;

    private final Cache<String, CacheEntry> entries;
    private final RegionCounters counters;
    private final boolean keeps;
    private final AtomicLongArray changes = new AtomicLongArray(STRIPES);
    private final AtomicLong sweeps = new AtomicLong();

    LocalCache(RegionSettings settings, RegionCounters counters) {
        this.counters = counters;
        this.keeps = settings.memory() > 0;
        this.entries = Caffeine.newBuilder()
                .maximumWeight(settings.memory())
                .weigher((String key, CacheEntry cacheEntry) -> key.length() + cacheEntry.weight() + OVERHEAD)
                .executor(Runnable::run)
                .evictionListener((@Nullable String key, @Nullable CacheEntry cacheEntry, RemovalCause cause) ->
                        counters.evictions.increment())
                .build();
    }

    @Nullable
    CacheEntry get(String key) {
        return entries.getIfPresent(key);
    }

    /** To be taken before a value is read that is to be let in. */
    long stamp(String key) {
        return changes.get(stripe(key)) + sweeps.get();
    }

    /** Lets an entry in, unless something was invalidated since the stamp. */
    void admit(String key, CacheEntry cacheEntry, long stamp) {
        entries.asMap().compute(key, (same, old) -> keeps && stamp(key) == stamp ? cacheEntry : old);
    }

    /** The same for an entry that was put: whatever is being read meanwhile is older. */
    void replace(String key, CacheEntry cacheEntry, long stamp) {
        entries.asMap().compute(key, (same, old) -> {
            boolean current = keeps && stamp(key) == stamp;
            changes.incrementAndGet(stripe(key));
            return current ? cacheEntry : null;
        });
    }

    void invalidate(String key) {
        changes.incrementAndGet(stripe(key));
        if (entries.asMap().remove(key) != null) {
            counters.invalidations.increment();
        }
    }

    /** Invalidates what fits, by a look at all. */
    void invalidate(BiPredicate<String, CacheEntry> which) {
        sweeps.incrementAndGet();
        entries.asMap().forEach((key, cacheEntry) -> {
            if (which.test(key, cacheEntry) && entries.asMap().remove(key, cacheEntry)) {
                counters.invalidations.increment();
            }
        });
    }

    long size() {
        return entries.asMap().size();
    }

    long bytes() {
        return entries.policy()
                .eviction()
                .map(Policy.Eviction::weightedSize)
                .map(size -> size.orElse(0))
                .orElse(0L);
    }

    /** The keys that are used most, the most used first. */
    List<String> hottest(int most) {
        return entries.policy()
                .eviction()
                .map(eviction -> eviction.hottest(
                        stream -> stream.limit(most).map(Map.Entry::getKey).toList()))
                .orElse(List.of());
    }

    private static int stripe(String key) {
        int hash = key.hashCode();
        return (hash ^ (hash >>> 16)) & (STRIPES - 1);
    }
}
