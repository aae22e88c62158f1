package io.gatehouse.internal.cache;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cached value with its expiry times, its tags and its origin. Immutable.
 *
 * @param value null records that the source has no value
 * @param freshUntil when the value becomes stale, in milliseconds since 1970
 * @param usableUntil when the value may no longer be used, even if the loader fails; same unit
 * @param refreshAt when the value is reloaded in the background although it is still fresh; same unit
 * @param tags the names by which it can be invalidated
 * @param identity the MAC at the end of its encoded form, unique for each entry
 * @param weight the length of its encoded form in bytes; 0 if it was not encoded
 * @param generation the generation of the first level in which it was read; entries of an earlier generation are not trusted,
 *     because an invalidation message may have been missed since
 */
record CacheEntry(
        @Nullable Object value,
        long freshUntil,
        long usableUntil,
        long refreshAt,
        List<String> tags,
        byte[] identity,
        int weight,
        long generation) {

    boolean isFresh(long now) {
        return now < freshUntil;
    }

    boolean isUsable(long now) {
        return now < usableUntil;
    }

    CacheEntry withGeneration(long newGeneration) {
        return new CacheEntry(value, freshUntil, usableUntil, refreshAt, tags, identity, weight, newGeneration);
    }

    /** Returns the entry with its freshness extended, at most to {@code usableUntil}; for use while reloading fails. */
    CacheEntry freshUntil(long time) {
        long end = Math.min(usableUntil, Math.max(freshUntil, time));
        return new CacheEntry(value, end, usableUntil, Math.max(refreshAt, time), tags, identity, weight, generation);
    }
}
