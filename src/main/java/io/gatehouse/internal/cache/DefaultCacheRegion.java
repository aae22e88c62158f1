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
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A region over a first level in memory and a store in Redis. Thread-safe. */
public final class DefaultCacheRegion implements CacheRegion {
    /** Who waits less lets another thread ask Redis, which costs a hand-over. */
    private static final Duration REDIS_MAY_TAKE = Duration.ofSeconds(1);

    private static final int MINUTES = 5;

    final RegionSettings settings;
    final RedisCacheStore store;
    final EntryCodec envelope;
    final InvalidationTracker coherence;
    final LocalCache first;
    final RegionCounters counters = new RegionCounters();
    private final Deque<CacheStatistics> looks = new ConcurrentLinkedDeque<>();
    final Executor executor;
    final InstantSource clock;
    final ConcurrentMap<String, LoadTask> loads = new ConcurrentHashMap<>();

    DefaultCacheRegion(
            RegionSettings settings,
            RedisCacheStore store,
            EntryCodec entryCodec,
            InvalidationTracker invalidationTracker,
            Executor executor,
            InstantSource clock) {
        this.settings = settings;
        this.store = store;
        this.envelope = entryCodec;
        this.coherence = invalidationTracker;
        this.executor = executor;
        this.clock = clock;
        this.first = new LocalCache(settings, counters);
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
        CacheEntry cacheEntry = first.get(CacheKeys.checked(key));
        long now = clock.millis();
        if (cacheEntry != null && isTrusted(cacheEntry) && cacheEntry.isFresh(now)) {
            counters.firstLevelHits.increment();
            if (timeout != null && now >= cacheEntry.refreshAt()) {
                refresh(key, cacheEntry, loader);
            }
            return cacheEntry.value();
        }
        return load(key, CacheKeys.tags(tags), loader, timeout, cacheEntry);
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
        boolean here = timeout == null || timeout.compareTo(REDIS_MAY_TAKE) >= 0;
        if (here && mine.findInRedis()) {
            return mine.result().join().value();
        }
        if (timeout == null) {
            mine.run();
        } else {
            try {
                executor.execute(here ? mine : mine::findAnywhere);
            } catch (RuntimeException e) {
                mine.fail(e);
            }
        }
        return await(mine, timeout);
    }

    private @Nullable Object await(LoadTask loadTask, @Nullable Duration timeout) {
        Duration most = timeout == null ? settings.load() : timeout;
        boolean mayHaveOld = loadTask.staleEntry() != null && settings.soft().compareTo(most) < 0;
        try {
            return loadTask.result()
                    .get(mayHaveOld ? settings.soft().toMillis() : most.toMillis(), TimeUnit.MILLISECONDS)
                    .value();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof CacheLoadFailedException failed
                    ? new CacheLoadFailedException(String.valueOf(failed.getMessage()), failed.getCause())
                    : new CacheLoadFailedException("a value could not be loaded", e.getCause());
        } catch (TimeoutException e) {
            CacheEntry stale = loadTask.staleEntry();
            if (stale != null) {
                counters.staleServed.increment();
                return stale.value();
            }
            throw new CacheLoadFailedException(
                    "a value of region " + settings.name() + " did not come within " + most, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CacheLoadFailedException("interrupted while waiting for a value of region " + settings.name(), e);
        }
    }

    private void refresh(String key, CacheEntry cacheEntry, CacheLoader<?> loader) {
        LoadTask mine = new LoadTask(this, key, cacheEntry.tags(), loader, cacheEntry, settings.load());
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
        CacheEntry cacheEntry = first.get(CacheKeys.checked(key));
        long now = clock.millis();
        if (cacheEntry != null && isTrusted(cacheEntry) && cacheEntry.isFresh(now)) {
            counters.firstLevelHits.increment();
            return Optional.ofNullable(cast(cacheEntry.value()));
        }
        try {
            long stamp = first.stamp(key);
            long generation = coherence.generation();
            CacheEntry found = noted(store.find(settings.name(), key, List.of()));
            if (found != null && found.isFresh(now)) {
                counters.secondLevelHits.increment();
                first.admit(key, found.in(generation), stamp);
                return Optional.ofNullable(cast(found.value()));
            }
        } catch (GatehouseException e) {
            // as if there were none
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
        CacheEntry cacheEntry = entry(value, CacheKeys.tags(tags));
        long stamp = first.stamp(key);
        try {
            EntryCodec.Sealed sealed = envelope.seal(settings.name(), key, cacheEntry, settings.compress());
            store.put(settings, key, cacheEntry.tags(), sealed.bytes(), cacheEntry.keepUntil() - clock.millis());
            first.replace(key, sealed.entry(), stamp);
        } catch (NotStorableException e) {
            throw new IllegalArgumentException("a value of region " + settings.name() + " cannot be cached", e);
        } catch (GatehouseException e) {
            first.invalidate(key);
            throw e;
        }
    }

    @Override
    public boolean remove(String key) {
        first.invalidate(CacheKeys.checked(key));
        try {
            return store.remove(settings, key) > 0;
        } finally {
            first.invalidate(key);
        }
    }

    @Override
    public CacheStatistics statistics() {
        return counters.read(settings.name(), first.size(), first.bytes());
    }

    @Override
    public CacheStatistics recentStatistics() {
        CacheStatistics now = statistics();
        CacheStatistics before = looks.peekFirst();
        return before == null ? now : RegionNumbers.since(now, before);
    }

    /** To be called each minute. */
    void look() {
        looks.addLast(statistics());
        if (looks.size() > MINUTES) {
            looks.removeFirst();
        }
    }

    /** The keys that are used most on this node, the most used first. */
    public List<String> hottest(int most) {
        return first.hottest(most);
    }

    /** Whether an entry in the process may be used without asking Redis. */
    private boolean isTrusted(CacheEntry cacheEntry) {
        Duration bound = settings.staleness();
        return cacheEntry.generation() == coherence.generation()
                && (bound == null || coherence.staleness().compareTo(bound) <= 0);
    }

    @Nullable
    CacheEntry noted(RedisCacheStore.Found found) {
        if (found.unreadable()) {
            counters.unreadable.increment();
        }
        return found.entry();
    }

    /** An entry from now on. */
    CacheEntry entry(@Nullable Object value, List<String> tags) {
        long now = clock.millis();
        long whole = (value == null ? settings.absent() : settings.ttl()).toMillis();
        long ttl = Math.max(
                1, whole - (long) (whole * 0.1 * ThreadLocalRandom.current().nextDouble()));
        long keep = value == null ? ttl : settings.keep().toMillis();
        return new CacheEntry(
                value,
                now + ttl,
                now + Math.max(ttl, keep),
                now + ttl * 8 / 10,
                tags,
                new byte[0],
                0,
                coherence.generation());
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as with any cache: who asks knows what it put
    private static <T> @Nullable T cast(@Nullable Object value) {
        return (T) value;
    }
}
