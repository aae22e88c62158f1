package io.gatehouse.internal.cli;

/**
 * The answer of a command.
 *
 * @param document for programs, written as JSON
 * @param text for people
 */
record CommandResult(Record document, String text, ExitCode exit) {

    static CommandResult of(Record document, String text) {
        return new CommandResult(document, text, ExitCode.OK);
    }

    CommandResult endingWith(ExitCode other) {
        return new CommandResult(document, text, other);
    }
}
