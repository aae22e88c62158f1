package io.gatehouse.cache;

/**
 * Removes entries from the cache on all nodes. When a method returns, Redis, this node and every node that has confirmed have
 * dropped the entries; a value that was being loaded meanwhile is not stored. Thread-safe.
 *
 * <pre>{@code
 * @Inject
 * CacheInvalidator invalidator;
 *
 * invalidator.invalidateUserCache("user123");
 * invalidator.invalidateByPattern("oauth:*");
 * }</pre>
 *
 * <p>Every method throws {@link io.gatehouse.RedisUnavailableException} if Redis does not answer in time. Some of the entries may
 * be removed then; repeat the call.
 */
public interface CacheInvalidator {

    /** Removes the key {@code <user>} of the region {@code user}, and all entries with the tag {@code user:<user>}. */
    InvalidationResult invalidateUserCache(String user);

    /**
     * Removes all entries of a region whose keys match a pattern. Uses {@code SCAN} and {@code UNLINK}, so it never blocks Redis.
     *
     * @param pattern a region, a colon and a glob: {@code *} matches any text, {@code ?} one character; all other characters
     *     match themselves. Without a region the pattern is for the region {@code default}
     * @throws IllegalArgumentException if the pattern matches everything and names no region
     */
    InvalidationResult invalidateByPattern(String pattern);

    /** Removes all entries with a tag, in every region. */
    InvalidationResult invalidateByTag(String tag);

    /**
     * Removes all entries of a region.
     *
     * @throws IllegalArgumentException if the region is not configured
     */
    InvalidationResult invalidateAll(String region);
}
