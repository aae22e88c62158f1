package io.gatehouse.cache;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A part of the cache whose entries share their settings (time to live, memory, tolerance of stale values). A hit in the first
 * level needs no I/O; a hit in Redis costs one round trip. Callers share the returned objects: treat them as immutable.
 * Thread-safe.
 *
 * <pre>{@code
 * CacheRegion users = cache.region("user");
 * User user = users.getOrSet(id, List.of("team:" + team), () -> directory.find(id), Duration.ofSeconds(2));
 * cache.invalidator().invalidateByTag("team:" + team);
 * }</pre>
 *
 * <p>A key has 1 to 1,024 bytes in UTF-8, an entry at most 16 tags. Methods throw {@link IllegalArgumentException} for others.
 */
public interface CacheRegion {

    /** Returns the name of the region, as configured. */
    String name();

    /**
     * Returns the value of a key, loaded by the calling thread if the cache has none. The loader sees the transaction and the
     * request of the caller, and is not interrupted by a timeout.
     *
     * @return null if the loader returned null
     * @throws CacheLoadFailedException if the loader throws and no stale value may be used
     */
    <T> @Nullable T getOrSet(String key, Collection<String> tags, CacheLoader<? extends T> loader);

    /** Returns the value of a key without tags; see {@link #getOrSet(String, Collection, CacheLoader, Duration)}. */
    <T> @Nullable T getOrSet(String key, CacheLoader<? extends T> loader, Duration timeout);

    /**
     * Returns the value of a key, loaded if the cache has none or its value has expired. One loader runs for a key in the whole
     * cluster. It runs in another thread and continues after the timeout, so that the next caller finds its value.
     *
     * @param tags names by which the entry can be invalidated
     * @param timeout the maximum time to wait
     * @return null if the loader returned null
     * @throws CacheLoadFailedException if the loader throws or exceeds the timeout, and no stale value may be used
     */
    <T> @Nullable T getOrSet(String key, Collection<String> tags, CacheLoader<? extends T> loader, Duration timeout);

    /**
     * Returns the cached value of a key. Empty if the key is not cached, if null is cached, or if Redis is unavailable and this
     * node has no copy.
     */
    <T> Optional<T> get(String key);

    /** Stores a value without tags; see {@link #put(String, Object, Collection)}. */
    void put(String key, @Nullable Object value);

    /**
     * Stores a value and invalidates the copies of other nodes.
     *
     * @param value null records that there is no value
     * @throws io.gatehouse.RedisUnavailableException if Redis does not answer in time; this node has dropped its copy, other nodes
     *     may keep theirs until it expires
     * @throws IllegalArgumentException if the value cannot be serialized
     */
    void put(String key, @Nullable Object value, Collection<String> tags);

    /**
     * Removes a key on all nodes. A value that is being loaded at the moment is not stored.
     *
     * @return whether Redis had the key
     * @throws io.gatehouse.RedisUnavailableException if Redis does not answer in time; this node has dropped its copy, other nodes
     *     may keep theirs until it expires
     */
    boolean remove(String key);

    /** Returns the counters of this node since its start. */
    CacheStatistics statistics();

    /** Returns the counters of this node for the last five minutes. */
    CacheStatistics recentStatistics();
}
