package io.gatehouse.internal.cache;

import io.gatehouse.GatehouseException;
import io.gatehouse.cache.CacheLoader;
import io.gatehouse.cache.CacheRegion;
import io.gatehouse.cache.CacheStatistics;
import io.gatehouse.cache.LoadOptions;
import io.gatehouse.internal.tracing.Tracing;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The default {@link CacheRegion}: a first level in memory over a second level in Redis. A fresh and trusted entry of the first
 * level is returned without I/O. {@link RegionLoader} loads values, {@link RegionWriter} changes them. Thread-safe.
 */
public final class DefaultCacheRegion extends CacheOverloads implements CacheRegion {
    final RegionSettings settings;
    final RedisCacheStore store;
    final EntryReader reader;
    final EntryCodec codec;
    final InvalidationTracker tracker;
    final LocalCache localCache;
    final RegionWriter writer;
    final RegionCounters counters = new RegionCounters();
    private final RecentStatistics recent = new RecentStatistics();
    final InstantSource clock;
    private final HitClock hitClock;
    final Tracing tracing;
    final RegionLoader regionLoader;

    DefaultCacheRegion(
            RegionSettings settings,
            RedisCacheStore store,
            EntryReader reader,
            EntryCodec codec,
            InvalidationTracker tracker,
            Executor executor,
            InstantSource clock,
            HitClock hitClock,
            Tracing tracing) {
        this.settings = settings;
        this.store = store;
        this.reader = reader;
        this.codec = codec;
        this.tracker = tracker;
        this.clock = clock;
        this.hitClock = hitClock;
        this.tracing = tracing;
        this.localCache = new LocalCache(settings, counters);
        this.regionLoader = new RegionLoader(this, executor);
        this.writer = new RegionWriter(this);
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
    public <T> @Nullable T getOrSet(String key, CacheLoader<? extends T> loader, LoadOptions options) {
        Objects.requireNonNull(loader, "The loader is null; to read without loading, call get");
        CacheEntry entry = localCache.get(CacheKeys.checked(key));
        long now = hitClock.millis();
        if (entry != null && isTrusted(entry) && entry.isFresh(now)) {
            counters.firstLevelHits.increment();
            if (!options.isInCallerThread() && now >= entry.refreshAt()) {
                regionLoader.refresh(key, entry, loader, options);
            }
            return cast(entry.value());
        }
        return cast(regionLoader.load(key, entry, loader, options));
    }

    @Override
    public <T> Optional<T> get(String key) {
        CacheEntry entry = lookUp(key);
        return entry == null ? Optional.empty() : Optional.ofNullable(cast(entry.value()));
    }

    @Override
    public Optional<Duration> ttl(String key) {
        CacheEntry entry = lookUp(key);
        return entry == null || entry.value() == null
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(Math.max(1, entry.freshUntil() - clock.millis())));
    }

    @Override
    public <T> Map<String, T> getMany(Collection<String> keys) {
        Map<String, Regions.KeyLocation> locations = new LinkedHashMap<>();
        keys.forEach(key -> locations.put(key, new Regions.KeyLocation(this, key, true)));
        return castMap(BatchLookup.values(reader, locations));
    }

    private @Nullable CacheEntry lookUp(String key) {
        CacheEntry entry = fromFirstLevel(key);
        if (entry != null) {
            return entry;
        }
        long changeCount = localCache.changeCount(key);
        long generation = tracker.generation();
        EntryReader.Found found;
        try {
            found = reader.find(settings.name(), key, List.of());
        } catch (GatehouseException e) {
            found = EntryReader.Found.NOTHING; // counts as a miss
        }
        return accept(key, found, changeCount, generation);
    }

    /** Returns the entry of the first level and counts the hit; null if there is none that is trusted and within its TTL. */
    @Nullable
    CacheEntry fromFirstLevel(String key) {
        CacheEntry entry = localCache.get(CacheKeys.checked(key));
        if (entry == null || !isTrusted(entry) || !entry.isWithinTtl(hitClock.millis())) {
            return null;
        }
        counters.firstLevelHits.increment();
        return entry;
    }

    /**
     * Counts what was found in Redis and puts it into the first level.
     *
     * @param changeCount the change count of the key from before it was read
     * @param generation the generation of the first level from before the key was read
     * @return the entry if it is fresh, else null
     */
    @Nullable
    CacheEntry accept(String key, EntryReader.Found found, long changeCount, long generation) {
        CacheEntry entry = countUnreadable(found).entry();
        if (entry == null || !entry.isFresh(clock.millis())) {
            counters.misses.increment();
            return null;
        }
        counters.secondLevelHits.increment();
        localCache.insert(key, entry.withGeneration(generation), changeCount);
        return entry;
    }

    @Override
    public void put(String key, @Nullable Object value, Collection<String> tags) {
        put(key, value, LoadOptions.defaults().tags(tags));
    }

    @Override
    public void put(String key, @Nullable Object value, Collection<String> tags, Duration ttl) {
        put(key, value, LoadOptions.defaults().tags(tags).ttl(ttl));
    }

    @Override
    void put(String key, @Nullable Object value, LoadOptions options) {
        RegionWriter.store(store, List.of(writer.prepare(key, value, options)));
    }

    @Override
    void setMany(Map<String, ?> values, LoadOptions options) {
        RegionWriter.store(
                store,
                values.entrySet().stream()
                        .map(entry -> writer.prepare(entry.getKey(), entry.getValue(), options))
                        .toList());
    }

    @Override
    public boolean add(String key, @Nullable Object value, Duration ttl) {
        return writer.add(key, value, ttl);
    }

    @Override
    public boolean touch(String key, Duration ttl) {
        return writer.touch(key, ttl);
    }

    @Override
    long increment(String key, long delta, LoadOptions options) {
        return writer.increment(key, delta, options);
    }

    @Override
    public boolean remove(String key) {
        return writer.remove(key);
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

    /** Counts an entry that could not be decoded; returns its argument. */
    EntryReader.Found countUnreadable(EntryReader.Found found) {
        if (found.unreadable()) {
            counters.unreadable.increment();
        }
        return found;
    }

    /** Returns an entry for a new value; see {@link CacheEntry#of}. */
    CacheEntry newEntry(@Nullable Object value, List<String> tags, Optional<Duration> ttl) {
        return CacheEntry.of(value, tags, settings, ttl, clock.millis(), tracker.generation());
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"
    }) // as with any cache, the caller knows the type of its values
    private static <T> @Nullable T cast(@Nullable Object value) {
        return (T) value;
    }

    @SuppressWarnings("unchecked") // as with any cache, the caller knows the type of its values
    static <T> Map<String, T> castMap(Map<String, Object> values) {
        return (Map<String, T>) values;
    }
}
