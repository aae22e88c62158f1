package io.gatehouse.internal.cache;

import io.gatehouse.GatehouseException;
import io.gatehouse.RedisPurpose;
import io.gatehouse.cache.CacheManager;
import io.gatehouse.cache.CacheRegion;
import io.gatehouse.cache.CacheStatistics;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.Subscription;
import io.gatehouse.internal.serialization.JsonMapper;
import io.gatehouse.internal.signing.KeyRing;
import io.gatehouse.internal.tracing.Tracing;
import io.gatehouse.warmup.Warmer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The default {@link CacheManager}: connects the regions with the invalidations of other nodes, and collects statistics.
 * Thread-safe.
 */
public final class DefaultCacheManager extends PrefixedCache implements CacheManager, AutoCloseable {
    /** How often {@link #heartbeat} must be called. */
    public static final Duration HEARTBEAT_INTERVAL = InvalidationTracker.INTERVAL;

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final NodeNotices notices;
    private final InvalidationTracker tracker;
    private final DefaultCacheInvalidator invalidator;
    private final CacheEntryCounter entryCounter;
    private final ClusterStatistics cluster;
    private final LongSupplier nanoTime;
    private final HitClock hitClock;
    private final Subscription subscription;
    private volatile @Nullable Warmer warmer;
    private volatile long snapshotAt;
    private volatile long publishedAt;

    /** Creates the cache without tracing. */
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
        this(settings, keyPrefix, application, keys, redis, json, executor, clock, nanoTime, Tracing.NONE);
    }

    /**
     * Creates the cache and subscribes to the invalidations of other nodes.
     *
     * @param json null if no JSON-B implementation is available
     * @param executor runs loaders
     * @param tracing starts a span for each call of a loader
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
            LongSupplier nanoTime,
            Tracing tracing) {
        String node = UUID.randomUUID().toString();
        CacheKeys names = new CacheKeys(keyPrefix, application);
        EntryCodec codec = new EntryCodec(keys, settings.codec(json), application);
        EntryReader reader = new EntryReader(redis, names, codec);
        RedisCacheStore store = new RedisCacheStore(redis, names, reader, node);
        this.notices = new NodeNotices(redis, names.channel());
        this.tracker = new InvalidationTracker(
                redis, names, node, this::onInvalidation, notices::received, executor, nanoTime);
        this.hitClock = new HitClock(clock);
        settings.regions()
                .values()
                .forEach(region -> regions.add(new DefaultCacheRegion(
                        region, store, reader, codec, tracker, executor, clock, hitClock, tracing)));
        this.cluster = new ClusterStatistics(redis, names, node);
        this.nanoTime = nanoTime;
        this.snapshotAt = nanoTime.getAsLong();
        this.publishedAt = snapshotAt - ClusterStatistics.INTERVAL.toNanos();
        this.invalidator = new DefaultCacheInvalidator(regions, store, tracker);
        this.entryCounter = new CacheEntryCounter(this, redis, names, codec);
        this.subscription = redis.subscribe(RedisPurpose.CACHE, names.channel(), tracker);
    }

    @Override
    public DefaultCacheRegion region(String name) {
        return regions.get(name);
    }

    @Override
    public Collection<CacheRegion> regions() {
        return List.copyOf(regions.all());
    }

    /** Returns all regions with their internal operations. */
    public Collection<DefaultCacheRegion> allRegions() {
        return regions.all();
    }

    @Override
    public DefaultCacheInvalidator invalidator() {
        return invalidator;
    }

    /** Returns the notices of other parts of Gatehouse to all nodes, which share the subscription of the cache. */
    public NodeNotices notices() {
        return notices;
    }

    /** Returns the counter of the entries that an invalidation would make invalid. */
    public CacheEntryCounter entryCounter() {
        return entryCounter;
    }

    @Override
    public Warmer warmer() {
        Warmer started = warmer;
        if (started == null) {
            throw new IllegalStateException(
                    "the cache has no warmer yet, because the application has not started; warm it after the start");
        }
        return started;
    }

    /** Sets the warmer, as soon as the application has started. */
    public void warmBy(Warmer started) {
        warmer = started;
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
            regions.all().forEach(DefaultCacheRegion::takeSnapshot);
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
        return regions.all().stream().map(DefaultCacheRegion::statistics).toList();
    }

    @Override
    public List<CacheStatistics> clusterStatistics() {
        return cluster.exchange(statistics());
    }

    /** Applies the invalidation of another node to the first level. */
    private void onInvalidation(InvalidationMessage message) {
        if (!message.node().equals(tracker.node())) { // the method that published it has already applied it
            regions.apply(message);
        }
    }

    @Override
    public void close() {
        subscription.close();
        hitClock.close();
    }
}
