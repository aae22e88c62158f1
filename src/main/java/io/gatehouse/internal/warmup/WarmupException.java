package io.gatehouse.internal.warmup;

import io.gatehouse.GatehouseException;
import org.jspecify.annotations.Nullable;

/** Thrown when a built-in source does not get its entries; the message says where from and why, and holds none of them. */
final class WarmupException extends GatehouseException {
    private static final long serialVersionUID = 1L;

    WarmupException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
