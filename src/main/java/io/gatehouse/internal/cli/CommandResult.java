package io.gatehouse.internal.cli;

/**
 * The result of a command.
 *
 * @param document the result for programs, written as JSON
 * @param text the result for people
 */
record CommandResult(Record document, String text, ExitCode exit) {

    static CommandResult of(Record document, String text) {
        return new CommandResult(document, text, ExitCode.OK);
    }

    /** Returns the same result with another exit code. */
    CommandResult withExit(ExitCode other) {
        return new CommandResult(document, text, other);
    }
}
