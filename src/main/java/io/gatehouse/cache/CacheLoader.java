package io.gatehouse.cache;

import org.jspecify.annotations.Nullable;

/** Where a value comes from when the cache has none. */
@FunctionalInterface
public interface CacheLoader<T> {

    /**
     * Loads the value; null says that there is none, which is remembered for a shorter time.
     *
     * @throws Exception if it could not be found out; an older value may be used instead
     */
    @Nullable
    T load() throws Exception;
}
