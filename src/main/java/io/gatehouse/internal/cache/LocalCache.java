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
 * The first level of a region: its entries in the memory of this process.
 *
 * <p>An invalidation that arrives between the reading of a value and its insertion must win. So every key has a change count:
 * the number of invalidations in its stripe (one of 1,024) plus the number of invalidations by predicate. A reader calls
 * {@link #changeCount} before it reads from Redis or from the source, and {@link #insert} ignores the entry if the count has
 * changed since. Keys that share a stripe can only cause an unnecessary miss, never a stale hit. Thread-safe.
 */
final class LocalCache {
    private static final int STRIPES = 1024;
    /** The estimated bytes of an entry besides its key and its encoded form. */
    private static final int OVERHEAD = 200;

    private final Cache<String, CacheEntry> entries;
    private final RegionCounters counters;
    private final boolean enabled;
    private final AtomicLongArray changes = new AtomicLongArray(STRIPES);
    private final AtomicLong predicateChanges = new AtomicLong();

    LocalCache(RegionSettings settings, RegionCounters counters) {
        this.counters = counters;
        this.enabled = settings.memory() > 0;
        this.entries = Caffeine.newBuilder()
                .maximumWeight(settings.memory())
                .weigher((String key, CacheEntry entry) -> key.length() + entry.weight() + OVERHEAD)
                .executor(Runnable::run)
                .evictionListener((@Nullable String key, @Nullable CacheEntry entry, RemovalCause cause) ->
                        counters.evictions.increment())
                .build();
    }

    @Nullable
    CacheEntry get(String key) {
        return entries.getIfPresent(key);
    }

    /** Returns the change count of a key; to be read before the value that is to be inserted. */
    long changeCount(String key) {
        return changes.get(stripe(key)) + predicateChanges.get();
    }

    /** Inserts an entry, unless the key may have been invalidated since {@code changeCount} was read. */
    void insert(String key, CacheEntry entry, long changeCount) {
        entries.asMap().compute(key, (same, old) -> enabled && changeCount(key) == changeCount ? entry : old);
    }

    /** Inserts an entry like {@link #insert}, and makes concurrent reads void, because what they read is older. */
    void replace(String key, CacheEntry entry, long changeCount) {
        entries.asMap().compute(key, (same, old) -> {
            boolean current = enabled && changeCount(key) == changeCount;
            changes.incrementAndGet(stripe(key));
            return current ? entry : null;
        });
    }

    /** Removes an entry and makes concurrent reads of its key void. */
    void invalidate(String key) {
        changes.incrementAndGet(stripe(key));
        if (entries.asMap().remove(key) != null) {
            counters.invalidations.increment();
        }
    }

    /** Invalidates the entries that match a predicate; examines all entries. */
    void invalidate(BiPredicate<String, CacheEntry> which) {
        predicateChanges.incrementAndGet();
        entries.asMap().forEach((key, entry) -> {
            if (which.test(key, entry) && entries.asMap().remove(key, entry)) {
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

    /** Returns the most frequently used keys, in descending order of use. */
    List<String> hottest(int limit) {
        return entries.policy()
                .eviction()
                .map(eviction -> eviction.hottest(
                        stream -> stream.limit(limit).map(Map.Entry::getKey).toList()))
                .orElse(List.of());
    }

    private static int stripe(String key) {
        int hash = key.hashCode();
        return (hash ^ (hash >>> 16)) & (STRIPES - 1);
    }
}
