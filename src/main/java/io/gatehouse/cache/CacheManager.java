package io.gatehouse.cache;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The cache of an application: a first level in the memory of each node, a second level in Redis, divided into regions with
 * settings of their own. A key such as {@code user:42} is the key {@code 42} of the region {@code user} if such a region is
 * configured; all other keys belong to the region {@code default}. Thread-safe.
 *
 * <pre>{@code
 * @Inject
 * CacheManager cache;
 *
 * User user = cache.getOrSet("user:42", () -> directory.find("42"), Duration.ofSeconds(2));
 * cache.put("user:42", changed);                     // other nodes drop their copy
 * cache.invalidator().invalidateByPattern("oauth:*");
 * }</pre>
 *
 * <p>Reads never fail because Redis is unavailable: the loader runs instead, or a stale value is returned.
 */
public interface CacheManager {

    /**
     * Returns the value of a key, loaded if the cache has none; see {@link CacheRegion#getOrSet(String, Collection, CacheLoader,
     * Duration)}.
     */
    <T> @Nullable T getOrSet(String key, CacheLoader<? extends T> loader, Duration timeout);

    /** Returns the cached value of a key without loading it; see {@link CacheRegion#get}. */
    <T> Optional<T> get(String key);

    /** Stores a value and invalidates the copies of other nodes; see {@link CacheRegion#put(String, Object)}. */
    void put(String key, @Nullable Object value);

    /** Removes a key on all nodes; see {@link CacheRegion#remove}. */
    boolean remove(String key);

    /**
     * Returns a region.
     *
     * @throws IllegalArgumentException if {@code GATEHOUSE_CACHE_REGIONS} does not configure it
     */
    CacheRegion region(String name);

    /** Returns all regions; unmodifiable. */
    Collection<CacheRegion> regions();

    /** Returns the object that removes entries by user, tag, pattern or region on all nodes. */
    CacheInvalidator invalidator();

    /** Returns the counters of this node since its start, by region. */
    List<CacheStatistics> statistics();

    /**
     * Returns the sums over all nodes, by region. The numbers of other nodes are at most ten seconds old. One round trip.
     *
     * @throws io.gatehouse.RedisUnavailableException if Redis does not answer in time
     */
    List<CacheStatistics> clusterStatistics();
}
