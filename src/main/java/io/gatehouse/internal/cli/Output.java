package io.gatehouse.internal.cli;

import picocli.CommandLine.Option;

/** The output options of every command. */
final class Output {
    static final String VERBOSE = "--verbose";

    @Option(names = "--json", description = "Prints one JSON object, the same as that of the admin API.")
    private boolean json;

    @Option(names = VERBOSE, description = "Prints the log and stack traces to standard error.")
    private boolean verbose;

    boolean json() {
        return json;
    }

    boolean verbose() {
        return verbose;
    }
}
