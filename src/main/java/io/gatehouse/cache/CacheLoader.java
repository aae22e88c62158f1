package io.gatehouse.cache;

import org.jspecify.annotations.Nullable;

/**
 * Loads the value of a key that the cache does not have. Different threads may call it.
 *
 * <pre>{@code
 * CacheLoader<User> loader = () -> directory.find("42"); // null if there is no such user
 * User user = cache.getOrSet("user:42", loader, Duration.ofMinutes(5));
 * }</pre>
 */
@FunctionalInterface
public interface CacheLoader<T> {

    /**
     * Loads the value.
     *
     * @return null if there is no value; the cache remembers that for a shorter time than a value
     * @throws Exception if the value could not be loaded; the cache then returns a stale value if it may
     */
    @Nullable
    T load() throws Exception;
}
