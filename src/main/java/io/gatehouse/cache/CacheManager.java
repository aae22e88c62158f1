package io.gatehouse.cache;

import io.gatehouse.warmup.Warmer;
import java.util.Collection;
import java.util.List;

/**
 * The cache of an application, divided into regions with settings of their own. A key such as {@code user:42} is the key {@code
 * 42} of the region {@code user} if such a region is configured; all other keys belong to the region {@code default}.
 * Thread-safe.
 *
 * <pre>{@code
 * @Inject
 * CacheManager cache;
 *
 * User user = cache.getOrSet("user:42", () -> directory.find("42"), Duration.ofSeconds(300)); // kept for 300 s
 * cache.put("user:42", changed);                                                              // other nodes drop their copies
 * cache.invalidator().invalidateByPattern("oauth:*");
 * cache.warmer().warmUserData(List.of("user1", "user2"));
 * }</pre>
 */
public interface CacheManager extends Cache {

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

    /**
     * Returns the object that fills the cache before callers ask for the values.
     *
     * @throws IllegalStateException if the application has not started yet, because its warmup sources are unknown until then
     */
    Warmer warmer();

    /** Returns the counters of this node since its start, by region. */
    List<CacheStatistics> statistics();

    /**
     * Returns the sums over all nodes, by region. The numbers of other nodes are at most ten seconds old. One round trip.
     *
     * @throws io.gatehouse.RedisUnavailableException if Redis does not answer in time
     */
    List<CacheStatistics> clusterStatistics();
}
