package io.gatehouse.config;

import org.jspecify.annotations.Nullable;

/** The one root of all exceptions that Gatehouse itself throws; unchecked. Messages never hold a secret, a cookie or an id. */
public abstract class GatehouseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    protected GatehouseException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
