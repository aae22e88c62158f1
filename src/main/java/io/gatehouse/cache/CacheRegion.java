package io.gatehouse.cache;

import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A part of the cache whose entries share their settings (time to live, memory, tolerance of stale values). A hit in the first
 * level needs no I/O; a hit in Redis costs one round trip. Thread-safe.
 *
 * <pre>{@code
 * CacheRegion users = cache.region("user");
 * User user = users.getOrSet(id, () -> directory.find(id), LoadOptions.defaults().tags(List.of("team:" + team)));
 * cache.invalidator().invalidateByTag("team:" + team);
 * }</pre>
 *
 * <p>An entry has at most 16 tags of 1 to 1,024 bytes in UTF-8. Methods throw {@link IllegalArgumentException} for others.
 */
public interface CacheRegion extends Cache {

    /** Returns the name of the region, as configured. */
    String name();

    /** Stores a value with tags, by which it can be invalidated, for the time that the region sets. */
    void put(String key, @Nullable Object value, Collection<String> tags);

    /** Stores a value with tags, by which it can be invalidated. */
    void put(String key, @Nullable Object value, Collection<String> tags, Duration ttl);

    /** Returns the counters of this node since its start. */
    CacheStatistics statistics();

    /** Returns the counters of this node for the last five minutes. */
    CacheStatistics recentStatistics();
}
