package io.gatehouse.internal.cache;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value with its times.
 *
 * @param value null says that there is none
 * @param freshUntil from when on it is loaded anew, milliseconds since 1970
 * @param keepUntil from when on it is not even used where the loader fails
 * @param refreshAt from when on it is loaded anew in the background, while it is still used
 * @param tags by which it can be invalidated
 * @param identity the last bytes of its envelope, which no other has
 * @param weight the bytes of its envelope
 * @param generation of the first level when it came in; after a gap in the messages it is not trusted any more
 */
record CacheEntry(
        @Nullable Object value,
        long freshUntil,
        long keepUntil,
        long refreshAt,
        List<String> tags,
        byte[] identity,
        int weight,
        long generation) {

    boolean isFresh(long now) {
        return now < freshUntil;
    }

    boolean isUsable(long now) {
        return now < keepUntil;
    }

    CacheEntry in(long newGeneration) {
        return new CacheEntry(value, freshUntil, keepUntil, refreshAt, tags, identity, weight, newGeneration);
    }

    /** The same for a little longer, because it could not be loaded anew. */
    CacheEntry until(long time) {
        long end = Math.min(keepUntil, Math.max(freshUntil, time));
        return new CacheEntry(value, end, keepUntil, Math.max(refreshAt, time), tags, identity, weight, generation);
    }
}
