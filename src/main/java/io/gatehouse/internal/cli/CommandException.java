package io.gatehouse.internal.cli;

import io.gatehouse.GatehouseException;

/** Ends a command with an exit code and a one-line message. */
final class CommandException extends GatehouseException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;

    CommandException(ExitCode exitCode, String message) {
        super(message, null);
        this.exitCode = exitCode;
    }

    ExitCode exit() {
        return exitCode;
    }
}
