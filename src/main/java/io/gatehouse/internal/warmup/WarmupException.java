package io.gatehouse.internal.warmup;

import io.gatehouse.GatehouseException;
import org.jspecify.annotations.Nullable;

/** Thrown if a built-in source cannot load its entries. The message names the origin and the reason, and contains no entry. */
final class WarmupException extends GatehouseException {
    private static final long serialVersionUID = 1L;

    WarmupException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
