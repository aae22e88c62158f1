package io.gatehouse.cache;

import io.gatehouse.GatehouseException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown if a value could not be loaded and no stale value may be used. The cause is the exception of the loader, or a {@link
 * java.util.concurrent.TimeoutException}.
 *
 * <pre>{@code
 * try {
 *     return cache.getOrSet("user:42", () -> directory.find("42"), Duration.ofMinutes(5));
 * } catch (CacheLoadFailedException e) {
 *     return User.unknown("42");
 * }
 * }</pre>
 */
public final class CacheLoadFailedException extends GatehouseException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception; called by Gatehouse. */
    public CacheLoadFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
