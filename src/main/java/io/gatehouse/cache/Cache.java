package io.gatehouse.cache;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A store of values by key, with a first level in the memory of each node and a second level in Redis. A change on one node makes
 * all other nodes drop their copies. Callers share the returned objects: treat them as immutable. Thread-safe.
 *
 * <pre>{@code
 * User user = cache.getOrSet("user:42", () -> directory.find("42"), Duration.ofSeconds(300));
 * cache.put("user:42", changed, Duration.ofMinutes(5));
 * Map<String, User> users = cache.getMany(List.of("user:42", "user:43"));
 * boolean first = cache.add("mail-sent:42", true, Duration.ofHours(1));
 * long visits = cache.increment("visits:42", 1, Duration.ofDays(1));
 * }</pre>
 *
 * <p>A {@code ttl} is how long a value is kept: 1 ms to 366 days, exactly. Without one the setting of the region applies, less a
 * random part of up to a tenth. Null records that there is no value, for the region's {@code negative-ttl} if that is shorter;
 * the key then counts as absent, except for {@code getOrSet}. Only {@code getOrSet} may return an expired value, while it cannot
 * be loaded again.
 *
 * <p>A key has 1 to 1,024 bytes in UTF-8. Methods throw {@link IllegalArgumentException} for other keys and lifetimes, and for
 * values that cannot be serialized. Reads never fail because Redis is unavailable; changes throw {@link
 * io.gatehouse.RedisUnavailableException} or {@link io.gatehouse.RedisRejectedException}. This node has dropped its copy then,
 * other nodes may keep theirs until they expire, and Redis may have the change.
 */
public interface Cache {

    /** Returns the value of a key, loaded if necessary; see {@link #getOrSet(String, CacheLoader, LoadOptions)}. */
    <T> @Nullable T getOrSet(String key, CacheLoader<? extends T> loader);

    /**
     * Returns the value of a key, loaded if necessary; see {@link #getOrSet(String, CacheLoader, LoadOptions)}.
     *
     * @param ttl how long a loaded value is kept. It does not limit how long the caller waits: that is {@link
     *     LoadOptions#waitAtMost} or the region's {@code load-timeout}
     */
    <T> @Nullable T getOrSet(String key, CacheLoader<? extends T> loader, Duration ttl);

    /**
     * Returns the value of a key, loaded if the cache has none or its value has expired. One loader runs for a key in the whole
     * cluster; callers that wait for it get its value, whatever their own options are. Unless the options say otherwise, it runs
     * in another thread and continues when the caller no longer waits, so that the next caller finds its value.
     *
     * @return null if the loader returned null
     * @throws CacheLoadFailedException if the loader throws, or takes longer than the caller waits, and no stale value may be
     *     used. The cause is the exception of the loader
     */
    <T> @Nullable T getOrSet(String key, CacheLoader<? extends T> loader, LoadOptions options);

    /**
     * Returns the cached value of a key, without loading it. Empty if the key is absent, or if Redis is unavailable and this node
     * has no copy.
     */
    <T> Optional<T> get(String key);

    /**
     * Returns the cached values of several keys, without loading them, in the order of the keys. Keys that are absent are
     * missing in the result; so are those that Redis would have to answer while it is unavailable. One round trip for up to
     * 1,000 keys that this node has no copy of; a second one if some of their entries have tags. On a cluster, one for each node,
     * at the same time.
     */
    <T> Map<String, T> getMany(Collection<String> keys);

    /** Stores a value for the time that the region sets. */
    void put(String key, @Nullable Object value);

    /** Stores a value. */
    void put(String key, @Nullable Object value, Duration ttl);

    /** Stores several values for the time that the region sets; see {@link #setMany(Map, Duration)}. */
    void setMany(Map<String, ?> values);

    /**
     * Stores several values in one round trip for up to 1,000 of them; on a cluster, one for each node, at the same time. Each
     * value is stored atomically, not all of them together: if Redis fails, some may be stored. If a key or a value is invalid,
     * nothing is stored.
     */
    void setMany(Map<String, ?> values, Duration ttl);

    /**
     * Stores a value if the key is absent. Of several callers in the cluster at the same time, one succeeds.
     *
     * @return whether this call has stored the value
     */
    boolean add(String key, @Nullable Object value, Duration ttl);

    /**
     * Gives the value of a key a new lifetime from now on, longer or shorter. Two round trips.
     *
     * @return false if the key is absent
     */
    boolean touch(String key, Duration ttl);

    /** Adds to a number; a new one is kept for the time that the region sets. See {@link #increment(String, long, Duration)}. */
    long increment(String key, long delta);

    /**
     * Adds to a number, atomically in the whole cluster. An absent key counts as 0. The result is stored as a {@link Long}. Two
     * round trips, more if other callers change the same key meanwhile.
     *
     * @param delta negative to subtract
     * @param ttl how long a new number is kept; an existing one keeps the lifetime that it has
     * @return the new number
     * @throws IllegalStateException if the value of the key is not a {@code Long}, {@code Integer}, {@code Short} or {@code Byte}
     * @throws ArithmeticException if the result is not within the range of {@code long}
     */
    long increment(String key, long delta, Duration ttl);

    /** Returns how long {@link #get} will still return the value of a key, by the clock of this node; empty if it is absent. */
    Optional<Duration> ttl(String key);

    /**
     * Removes a key on all nodes. A value that is being loaded at the moment is not stored.
     *
     * @return whether Redis had the key
     */
    boolean remove(String key);
}
