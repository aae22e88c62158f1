package io.gatehouse.cli;

import io.gatehouse.config.GatehouseException;

/** Ends a command with one line. */
final class CommandFailed extends GatehouseException {
    private static final long serialVersionUID = 1L;

    private final Exit exit;

    CommandFailed(Exit exit, String message) {
        super(message, null);
        this.exit = exit;
    }

    Exit exit() {
        return exit;
    }
}
