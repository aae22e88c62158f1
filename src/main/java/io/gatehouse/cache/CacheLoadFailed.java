package io.gatehouse.cache;

import io.gatehouse.config.GatehouseException;
import org.jspecify.annotations.Nullable;

/** There is no value, not even an old one: the loader threw, which is the cause, or did not answer in time. */
public final class CacheLoadFailed extends GatehouseException {
    private static final long serialVersionUID = 1L;

    CacheLoadFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
