package io.gatehouse.internal.cache;

import io.gatehouse.GatehouseException;
import io.gatehouse.cache.CacheLoadFailedException;
import io.gatehouse.cache.CacheLoader;
import io.gatehouse.cache.CacheRegion;
import io.gatehouse.cache.CacheStatistics;
import io.gatehouse.internal.serialization.NotStorableException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The default {@link CacheRegion}: a first level in memory over a second level in Redis. A fresh and trusted entry of the first
 * level is returned without I/O; everything else is the work of one {@link LoadTask} per key. Thread-safe.
 */
public final class DefaultCacheRegion implements CacheRegion {
    /**
     * Callers with at least this timeout read Redis in their own thread, which saves a thread switch. For shorter timeouts another
     * thread does, so that a slow Redis cannot delay the caller.
     */
    private static final Duration MIN_TIMEOUT_FOR_CALLER_THREAD = Duration.ofSeconds(1);

    final RegionSettings settings;
    final RedisCacheStore store;
    final EntryCodec codec;
    final InvalidationTracker tracker;
    final LocalCache localCache;
    final RegionCounters counters = new RegionCounters();
    private final RecentStatistics recent = new RecentStatistics();
    final Executor executor;
    final InstantSource clock;
    final ConcurrentMap<String, LoadTask> loads = new ConcurrentHashMap<>();

    DefaultCacheRegion(
            RegionSettings settings,
            RedisCacheStore store,
            EntryCodec codec,
            InvalidationTracker tracker,
            Executor executor,
            InstantSource clock) {
        this.settings = settings;
        this.store = store;
        this.codec = codec;
        this.tracker = tracker;
        this.executor = executor;
        this.clock = clock;
        this.localCache = new LocalCache(settings, counters);
    }

    @Override
    public String name() {
        return settings.name();
    }

    /** Returns the settings of the region. */
    public RegionSettings settings() {
        return settings;
    }

    @Override
    public <T> @Nullable T getOrSet(String key, Collection<String> tags, CacheLoader<? extends T> loader) {
        return cast(find(key, tags, loader, null));
    }

    @Override
    public <T> @Nullable T getOrSet(String key, CacheLoader<? extends T> loader, Duration timeout) {
        return getOrSet(key, List.of(), loader, timeout);
    }

    @Override
    public <T> @Nullable T getOrSet(
            String key, Collection<String> tags, CacheLoader<? extends T> loader, Duration timeout) {
        return cast(find(key, tags, loader, timeout));
    }

    private @Nullable Object find(
            String key, Collection<String> tags, CacheLoader<?> loader, @Nullable Duration timeout) {
        CacheEntry entry = localCache.get(CacheKeys.checked(key));
        long now = clock.millis();
        if (entry != null && isTrusted(entry) && entry.isFresh(now)) {
            counters.firstLevelHits.increment();
            if (timeout != null && now >= entry.refreshAt()) {
                refresh(key, entry, loader);
            }
            return entry.value();
        }
        return load(key, CacheKeys.tags(tags), loader, timeout, entry);
    }

    private @Nullable Object load(
            String key,
            List<String> tags,
            CacheLoader<?> loader,
            @Nullable Duration timeout,
            @Nullable CacheEntry old) {
        LoadTask mine = new LoadTask(this, key, tags, loader, old, timeout);
        LoadTask loadTask = loads.compute(
                key,
                (same, running) -> running == null || running.isOverdue() || running.isOutdated() ? mine : running);
        if (loadTask != mine) {
            loadTask.requireOtherThread();
            return await(loadTask, timeout);
        }
        boolean here = timeout == null || timeout.compareTo(MIN_TIMEOUT_FOR_CALLER_THREAD) >= 0;
        if (here && mine.findInRedis()) {
            return mine.result().join().value();
        }
        if (timeout == null) {
            mine.run();
        } else {
            try {
                executor.execute(here ? mine : mine::findOrLoad);
            } catch (RuntimeException e) {
                mine.fail(e);
            }
        }
        return await(mine, timeout);
    }

    private @Nullable Object await(LoadTask loadTask, @Nullable Duration timeout) {
        Duration limit = timeout == null ? settings.loadTimeout() : timeout;
        boolean hasStale =
                loadTask.staleEntry() != null && settings.softTimeout().compareTo(limit) < 0;
        try {
            return loadTask.result()
                    .get(hasStale ? settings.softTimeout().toMillis() : limit.toMillis(), TimeUnit.MILLISECONDS)
                    .value();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof CacheLoadFailedException failed
                    ? new CacheLoadFailedException(String.valueOf(failed.getMessage()), failed.getCause())
                    : new CacheLoadFailedException("Could not load a value of region " + settings.name(), e.getCause());
        } catch (TimeoutException e) {
            CacheEntry stale = loadTask.staleEntry();
            if (stale != null) {
                counters.staleServed.increment();
                return stale.value();
            }
            throw new CacheLoadFailedException("No value of region " + settings.name() + " within " + limit, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CacheLoadFailedException("Interrupted while waiting for a value of region " + settings.name(), e);
        }
    }

    private void refresh(String key, CacheEntry entry, CacheLoader<?> loader) {
        LoadTask mine = new LoadTask(this, key, entry.tags(), loader, entry, settings.loadTimeout());
        if (loads.putIfAbsent(key, mine) == null) {
            try {
                executor.execute(mine);
            } catch (RuntimeException e) {
                mine.fail(e);
            }
        }
    }

    @Override
    public <T> Optional<T> get(String key) {
        CacheEntry entry = localCache.get(CacheKeys.checked(key));
        long now = clock.millis();
        if (entry != null && isTrusted(entry) && entry.isFresh(now)) {
            counters.firstLevelHits.increment();
            return Optional.ofNullable(cast(entry.value()));
        }
        try {
            long changeCount = localCache.changeCount(key);
            long generation = tracker.generation();
            CacheEntry found = countUnreadable(store.find(settings.name(), key, List.of()));
            if (found != null && found.isFresh(now)) {
                counters.secondLevelHits.increment();
                localCache.insert(key, found.withGeneration(generation), changeCount);
                return Optional.ofNullable(cast(found.value()));
            }
        } catch (GatehouseException e) {
            // counts as a miss
        }
        counters.misses.increment();
        return Optional.empty();
    }

    @Override
    public void put(String key, @Nullable Object value) {
        put(key, value, List.of());
    }

    @Override
    public void put(String key, @Nullable Object value, Collection<String> tags) {
        CacheKeys.checked(key);
        CacheEntry entry = newEntry(value, CacheKeys.tags(tags));
        long changeCount = localCache.changeCount(key);
        try {
            EntryCodec.Encoded encoded = codec.encode(settings.name(), key, entry, settings.compress());
            store.put(settings, key, entry.tags(), encoded.bytes(), entry.usableUntil() - clock.millis());
            localCache.replace(key, encoded.entry(), changeCount);
        } catch (NotStorableException e) {
            throw new IllegalArgumentException("Cannot cache a value of region " + settings.name(), e);
        } catch (GatehouseException e) {
            localCache.invalidate(key);
            throw e;
        }
    }

    @Override
    public boolean remove(String key) {
        localCache.invalidate(CacheKeys.checked(key));
        try {
            return store.remove(settings, key) > 0;
        } finally {
            localCache.invalidate(key);
        }
    }

    @Override
    public CacheStatistics statistics() {
        return counters.snapshot(settings.name(), localCache.size(), localCache.bytes());
    }

    @Override
    public CacheStatistics recentStatistics() {
        return recent.since(statistics());
    }

    /** Keeps the present statistics for {@link #recentStatistics}; to be called each minute. */
    void takeSnapshot() {
        recent.add(statistics());
    }

    /** Returns the most frequently used keys of this node, in descending order of use. */
    public List<String> hottest(int limit) {
        return localCache.hottest(limit);
    }

    /** Returns whether an entry of the first level may be returned without reading Redis. */
    private boolean isTrusted(CacheEntry entry) {
        Duration limit = settings.staleness();
        return entry.generation() == tracker.generation()
                && (limit == null || tracker.staleness().compareTo(limit) <= 0);
    }

    /** Returns the entry that was found; counts one that could not be decoded. */
    @Nullable
    CacheEntry countUnreadable(RedisCacheStore.Found found) {
        if (found.unreadable()) {
            counters.unreadable.increment();
        }
        return found.entry();
    }

    /** Returns an entry for a new value, with its TTL shortened by a random part of up to a tenth. */
    CacheEntry newEntry(@Nullable Object value, List<String> tags) {
        long now = clock.millis();
        long whole = (value == null ? settings.negativeTtl() : settings.ttl()).toMillis();
        long ttl = Math.max(
                1, whole - (long) (whole * 0.1 * ThreadLocalRandom.current().nextDouble()));
        long keep = value == null ? ttl : settings.staleIfErrorTtl().toMillis();
        return new CacheEntry(
                value,
                now + ttl,
                now + Math.max(ttl, keep),
                now + ttl * 8 / 10,
                tags,
                new byte[0],
                0,
                tracker.generation());
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"
    }) // as with any cache, the caller knows the type of its values
    private static <T> @Nullable T cast(@Nullable Object value) {
        return (T) value;
    }
}
