package io.gatehouse.cache;

import io.gatehouse.config.GatehouseException;
import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.Redis;
import io.gatehouse.redis.Subscription;
import io.gatehouse.signing.KeyRing;
import io.gatehouse.values.JsonMapper;
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
    public static final Duration BEAT = Coherence.INTERVAL;

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Map<String, DefaultCacheRegion> regions = new LinkedHashMap<>();
    private final Coherence coherence;
    private final DefaultCacheInvalidator invalidator;
    private final Reports reports;
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
        Envelope envelope = new Envelope(keys, settings.codec(json), application);
        CacheStore store = new CacheStore(redis, names, envelope, node);
        this.coherence = new Coherence(redis, names, node, this::invalidated, executor, nanoTime);
        settings.regions()
                .values()
                .forEach(region -> regions.put(
                        region.name(), new DefaultCacheRegion(region, store, envelope, coherence, executor, clock)));
        this.reports = new Reports(redis, names, node);
        this.nanoTime = nanoTime;
        this.lookedAt = nanoTime.getAsLong();
        this.reportedAt = lookedAt - Reports.INTERVAL.toNanos();
        this.invalidator = new DefaultCacheInvalidator(this, store, coherence);
        this.subscription = redis.subscribe(Purpose.CACHE, names.channel(), coherence);
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
        return coherence.staleness();
    }

    /** Whether this node hears what others change. */
    public boolean isConnected() {
        return coherence.isConnected();
    }

    /** How many times this node has missed something and let go of its first level. */
    public long gaps() {
        return coherence.gaps();
    }

    /** How many nodes live, this one included if it is one. */
    public int nodes() {
        return coherence.nodes();
    }

    /**
     * Makes this process a visitor, which tells the nodes and hears their answers but is none and is not to {@link #beat}: a
     * command is over before anybody could ask it. Counts the nodes.
     *
     * @throws io.gatehouse.redis.RedisUnavailable if Redis cannot say
     */
    public void visit() {
        reports.visit();
        coherence.visit();
    }

    /** Finds out whether something was missed, and tells others now and then; never throws for Redis being away. */
    public void beat() {
        coherence.beat();
        long now = nanoTime.getAsLong();
        if (now - lookedAt >= MINUTE.toNanos()) {
            lookedAt = now;
            regions.values().forEach(DefaultCacheRegion::look);
        }
        if (now - reportedAt >= Reports.INTERVAL.toNanos()) {
            reportedAt = now;
            try {
                List<RegionStatistics> unused = clusterStatistics();
            } catch (GatehouseException e) {
                // next time
            }
        }
    }

    @Override
    public List<RegionStatistics> statistics() {
        return regions.values().stream().map(DefaultCacheRegion::statistics).toList();
    }

    @Override
    public List<RegionStatistics> clusterStatistics() {
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
                .map(region -> CacheStore.fenceKept(region.settings()))
                .max(Duration::compareTo)
                .orElse(Duration.ofHours(1));
    }

    long forgetTag(String tag) {
        long before = invalidations();
        regions.values()
                .forEach(region ->
                        region.first.invalidate((key, entry) -> entry.tags().contains(tag)));
        return invalidations() - before;
    }

    private long invalidations() {
        return regions.values().stream()
                .mapToLong(region -> region.counters.invalidations.sum())
                .sum();
    }

    /** What another node has changed. */
    private void invalidated(Message message) {
        if (message.node().equals(coherence.node())) {
            return; // done where it was asked for
        }
        DefaultCacheRegion region = regions.get(message.region());
        switch (message.kind()) {
            case KEY -> {
                if (region != null) {
                    region.first.invalidate(message.rest());
                }
            }
            case TAG -> forgetTag(message.rest());
            case PATTERN -> {
                if (region != null) {
                    KeyPattern pattern = new KeyPattern(message.rest());
                    region.first.invalidate((key, entry) -> pattern.fits(key));
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
