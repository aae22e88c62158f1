package io.gatehouse.internal.cache;

import io.gatehouse.GatehouseException;
import io.gatehouse.RedisPurpose;
import io.gatehouse.cache.CacheLoader;
import io.gatehouse.cache.CacheManager;
import io.gatehouse.cache.CacheRegion;
import io.gatehouse.cache.CacheStatistics;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.Subscription;
import io.gatehouse.internal.serialization.JsonMapper;
import io.gatehouse.internal.signing.KeyRing;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The default {@link CacheManager}: maps a key to its region, applies the invalidations of other nodes to the first level, and
 * collects statistics. Thread-safe.
 */
public final class DefaultCacheManager implements CacheManager, AutoCloseable {
    /** How often {@link #heartbeat} must be called. */
    public static final Duration HEARTBEAT_INTERVAL = InvalidationTracker.INTERVAL;

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Map<String, DefaultCacheRegion> regions = new LinkedHashMap<>();
    private final InvalidationTracker tracker;
    private final DefaultCacheInvalidator invalidator;
    private final CacheEntryCounter entryCounter;
    private final ClusterStatistics cluster;
    private final LongSupplier nanoTime;
    private final Subscription subscription;
    private volatile long snapshotAt;
    private volatile long publishedAt;

    /**
     * Creates the cache and subscribes to the invalidations of other nodes.
     *
     * @param json null if no JSON-B implementation is available
     * @param executor runs the loaders of callers that wait with a timeout
     */
    public DefaultCacheManager(
            CacheSettings settings,
            String keyPrefix,
            String application,
            KeyRing keys,
            Redis redis,
            @Nullable JsonMapper json,
            Executor executor,
            InstantSource clock,
            LongSupplier nanoTime) {
        String node = UUID.randomUUID().toString();
        CacheKeys names = new CacheKeys(keyPrefix, application);
        EntryCodec codec = new EntryCodec(keys, settings.codec(json), application);
        RedisCacheStore store = new RedisCacheStore(redis, names, codec, node);
        this.tracker = new InvalidationTracker(redis, names, node, this::onInvalidation, executor, nanoTime);
        settings.regions()
                .values()
                .forEach(region -> regions.put(
                        region.name(), new DefaultCacheRegion(region, store, codec, tracker, executor, clock)));
        this.cluster = new ClusterStatistics(redis, names, node);
        this.nanoTime = nanoTime;
        this.snapshotAt = nanoTime.getAsLong();
        this.publishedAt = snapshotAt - ClusterStatistics.INTERVAL.toNanos();
        this.invalidator = new DefaultCacheInvalidator(this, store, tracker);
        this.entryCounter = new CacheEntryCounter(this, redis, names, codec);
        this.subscription = redis.subscribe(RedisPurpose.CACHE, names.channel(), tracker);
    }

    @Override
    public <T> @Nullable T getOrSet(String key, CacheLoader<? extends T> loader, Duration timeout) {
        KeyLocation location = locate(key);
        return location.region().<T>getOrSet(location.key(), List.of(), loader, timeout);
    }

    @Override
    public <T> Optional<T> get(String key) {
        KeyLocation location = locate(key);
        return location.region().get(location.key());
    }

    @Override
    public void put(String key, @Nullable Object value) {
        KeyLocation location = locate(key);
        location.region().put(location.key(), value);
    }

    @Override
    public boolean remove(String key) {
        KeyLocation location = locate(key);
        return location.region().remove(location.key());
    }

    @Override
    public DefaultCacheRegion region(String name) {
        DefaultCacheRegion region = regions.get(name);
        if (region == null) {
            throw new IllegalArgumentException(
                    "no cache region " + name + ", there are " + regions.keySet() + "; see GATEHOUSE_CACHE_REGIONS");
        }
        return region;
    }

    @Override
    public Collection<CacheRegion> regions() {
        return List.copyOf(regions.values());
    }

    /** Returns all regions with their internal operations. */
    public Collection<DefaultCacheRegion> allRegions() {
        return List.copyOf(regions.values());
    }

    @Override
    public DefaultCacheInvalidator invalidator() {
        return invalidator;
    }

    /** Returns the counter of the entries that an invalidation would make invalid. */
    public CacheEntryCounter entryCounter() {
        return entryCounter;
    }

    /** Returns the maximum age of a change that the first level of this node may not reflect yet. */
    public Duration staleness() {
        return tracker.staleness();
    }

    /** Returns whether the subscription to invalidation messages is connected. */
    public boolean isConnected() {
        return tracker.isConnected();
    }

    /** Returns how many times this node may have missed a message and stopped trusting its first level. */
    public long gaps() {
        return tracker.gaps();
    }

    /** Returns the number of live nodes, including this one unless it is an observer. */
    public int nodes() {
        return tracker.nodes();
    }

    /**
     * Joins as an observer: publishes invalidations and receives confirmations, but is not counted as a node and must not send
     * {@linkplain #heartbeat heartbeats}. For short-lived processes such as commands. Reads the number of live nodes.
     *
     * @throws io.gatehouse.RedisUnavailableException if Redis does not answer in time
     */
    public void joinAsObserver() {
        cluster.joinAsObserver();
        tracker.joinAsObserver();
    }

    /**
     * Detects missed messages, and publishes the statistics of this node when they are due. Does not throw if Redis is
     * unavailable.
     */
    public void heartbeat() {
        tracker.heartbeat();
        long now = nanoTime.getAsLong();
        if (now - snapshotAt >= MINUTE.toNanos()) {
            snapshotAt = now;
            regions.values().forEach(DefaultCacheRegion::takeSnapshot);
        }
        if (now - publishedAt >= ClusterStatistics.INTERVAL.toNanos()) {
            publishedAt = now;
            try {
                List<CacheStatistics> unused = clusterStatistics();
            } catch (GatehouseException e) {
                // published with a later heartbeat
            }
        }
    }

    @Override
    public List<CacheStatistics> statistics() {
        return regions.values().stream().map(DefaultCacheRegion::statistics).toList();
    }

    @Override
    public List<CacheStatistics> clusterStatistics() {
        return cluster.exchange(statistics());
    }

    /** A key and its region; {@code named} if the key starts with the name of the region. */
    record KeyLocation(DefaultCacheRegion region, String key, boolean named) {}

    KeyLocation locate(String key) {
        int colon = key.indexOf(':');
        DefaultCacheRegion named = colon < 0 ? null : regions.get(key.substring(0, colon));
        return named == null
                ? new KeyLocation(region("default"), key, false)
                : new KeyLocation(named, key.substring(colon + 1), true);
    }

    /** Returns a time to live that suffices for a tag version in every region. */
    Duration longestVersionTtl() {
        return regions.values().stream()
                .map(region -> RedisCacheStore.versionTtl(region.settings()))
                .max(Duration::compareTo)
                .orElse(Duration.ofHours(1));
    }

    /** Drops the entries with a tag from the first level; returns how many there were. */
    long dropTag(String tag) {
        long before = invalidations();
        regions.values()
                .forEach(region -> region.localCache.invalidate(
                        (key, entry) -> entry.tags().contains(tag)));
        return invalidations() - before;
    }

    private long invalidations() {
        return regions.values().stream()
                .mapToLong(region -> region.counters.invalidations.sum())
                .sum();
    }

    /** Applies the invalidation of another node to the first level. */
    private void onInvalidation(InvalidationMessage message) {
        if (message.node().equals(tracker.node())) {
            return; // already applied by the method that published it
        }
        DefaultCacheRegion region = regions.get(message.region());
        switch (message.kind()) {
            case KEY -> {
                if (region != null) {
                    region.localCache.invalidate(message.rest());
                }
            }
            case TAG -> dropTag(message.rest());
            case PATTERN -> {
                if (region != null) {
                    KeyPattern pattern = new KeyPattern(message.rest());
                    region.localCache.invalidate((key, entry) -> pattern.matches(key));
                }
            }
            case ACK -> throw new IllegalStateException("An acknowledgement is not an invalidation");
        }
    }

    @Override
    public void close() {
        subscription.close();
    }
}
