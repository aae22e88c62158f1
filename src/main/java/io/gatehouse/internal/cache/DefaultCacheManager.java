package io.gatehouse.internal.cache;

import io.gatehouse.GatehouseException;
import io.gatehouse.cache.CacheLoader;
import io.gatehouse.cache.CacheManager;
import io.gatehouse.cache.CacheRegion;
import io.gatehouse.cache.CacheStatistics;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisPurpose;
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
 * The cache over its regions: finds the region of a key, hears the invalidations of other nodes, and counts. Thread-safe.
 */
public final class DefaultCacheManager implements CacheManager, AutoCloseable {
    /** How often {@link #beat} is to be called. */
    public static final Duration BEAT = InvalidationTracker.INTERVAL;

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Map<String, DefaultCacheRegion> regions = new LinkedHashMap<>();
    private final InvalidationTracker invalidationTracker;
    private final DefaultCacheInvalidator invalidator;
    private final ClusterStatistics reports;
    private final LongSupplier nanoTime;
    private final Subscription subscription;
    private volatile long lookedAt;
    private volatile long reportedAt;

    /**
     * Begins to listen to what other nodes change.
     *
     * @param json null where nothing is there that writes JSON
     * @param executor runs loaders for which somebody waits with a time-out
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
        EntryCodec entryCodec = new EntryCodec(keys, settings.codec(json), application);
        RedisCacheStore store = new RedisCacheStore(redis, names, entryCodec, node);
        this.invalidationTracker = new InvalidationTracker(redis, names, node, this::invalidated, executor, nanoTime);
        settings.regions()
                .values()
                .forEach(region -> regions.put(
                        region.name(),
                        new DefaultCacheRegion(region, store, entryCodec, invalidationTracker, executor, clock)));
        this.reports = new ClusterStatistics(redis, names, node);
        this.nanoTime = nanoTime;
        this.lookedAt = nanoTime.getAsLong();
        this.reportedAt = lookedAt - ClusterStatistics.INTERVAL.toNanos();
        this.invalidator = new DefaultCacheInvalidator(this, store, invalidationTracker);
        this.subscription = redis.subscribe(RedisPurpose.CACHE, names.channel(), invalidationTracker);
    }

    @Override
    public <T> @Nullable T getOrSet(String key, CacheLoader<? extends T> loader, Duration timeout) {
        Place place = place(key);
        return place.region().<T>getOrSet(place.key(), List.of(), loader, timeout);
    }

    @Override
    public <T> Optional<T> get(String key) {
        Place place = place(key);
        return place.region().get(place.key());
    }

    @Override
    public void put(String key, @Nullable Object value) {
        Place place = place(key);
        place.region().put(place.key(), value);
    }

    @Override
    public boolean remove(String key) {
        Place place = place(key);
        return place.region().remove(place.key());
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

    /** Returns all regions, with what only Gatehouse itself may call. */
    public Collection<DefaultCacheRegion> allRegions() {
        return List.copyOf(regions.values());
    }

    @Override
    public DefaultCacheInvalidator invalidator() {
        return invalidator;
    }

    /** How far the first level of this node may be behind: what was changed before has been heard of. */
    public Duration staleness() {
        return invalidationTracker.staleness();
    }

    /** Whether this node hears what others change. */
    public boolean isConnected() {
        return invalidationTracker.isConnected();
    }

    /** How many times this node has missed something and let go of its first level. */
    public long gaps() {
        return invalidationTracker.gaps();
    }

    /** How many nodes live, this one included if it is one. */
    public int nodes() {
        return invalidationTracker.nodes();
    }

    /**
     * Makes this process a visitor, which tells the nodes and hears their answers but is none and is not to {@link #beat}: a
     * command is over before anybody could ask it. Counts the nodes.
     *
     * @throws io.gatehouse.RedisUnavailableException if Redis cannot say
     */
    public void visit() {
        reports.visit();
        invalidationTracker.visit();
    }

    /** Finds out whether something was missed, and tells others now and then; never throws for Redis being away. */
    public void beat() {
        invalidationTracker.heartbeat();
        long now = nanoTime.getAsLong();
        if (now - lookedAt >= MINUTE.toNanos()) {
            lookedAt = now;
            regions.values().forEach(DefaultCacheRegion::look);
        }
        if (now - reportedAt >= ClusterStatistics.INTERVAL.toNanos()) {
            reportedAt = now;
            try {
                List<CacheStatistics> unused = clusterStatistics();
            } catch (GatehouseException e) {
                // next time
            }
        }
    }

    @Override
    public List<CacheStatistics> statistics() {
        return regions.values().stream().map(DefaultCacheRegion::statistics).toList();
    }

    @Override
    public List<CacheStatistics> clusterStatistics() {
        return reports.exchange(statistics());
    }

    /** A key and its region. */
    record Place(DefaultCacheRegion region, String key, boolean named) {}

    Place place(String key) {
        int colon = key.indexOf(':');
        DefaultCacheRegion named = colon < 0 ? null : regions.get(key.substring(0, colon));
        return named == null
                ? new Place(region("default"), key, false)
                : new Place(named, key.substring(colon + 1), true);
    }

    Duration longestKept() {
        return regions.values().stream()
                .map(region -> RedisCacheStore.fenceKept(region.settings()))
                .max(Duration::compareTo)
                .orElse(Duration.ofHours(1));
    }

    long forgetTag(String tag) {
        long before = invalidations();
        regions.values()
                .forEach(region -> region.first.invalidate(
                        (key, cacheEntry) -> cacheEntry.tags().contains(tag)));
        return invalidations() - before;
    }

    private long invalidations() {
        return regions.values().stream()
                .mapToLong(region -> region.counters.invalidations.sum())
                .sum();
    }

    /** What another node has changed. */
    private void invalidated(InvalidationMessage invalidationMessage) {
        if (invalidationMessage.node().equals(invalidationTracker.node())) {
            return; // done where it was asked for
        }
        DefaultCacheRegion region = regions.get(invalidationMessage.region());
        switch (invalidationMessage.kind()) {
            case KEY -> {
                if (region != null) {
                    region.first.invalidate(invalidationMessage.rest());
                }
            }
            case TAG -> forgetTag(invalidationMessage.rest());
            case PATTERN -> {
                if (region != null) {
                    KeyPattern pattern = new KeyPattern(invalidationMessage.rest());
                    region.first.invalidate((key, cacheEntry) -> pattern.fits(key));
                }
            }
            case ACK -> throw new IllegalStateException("an acknowledgement invalidates nothing");
        }
    }

    @Override
    public void close() {
        subscription.close();
    }
}
