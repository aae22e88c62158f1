package io.gatehouse.internal.cli;

import picocli.CommandLine.Option;

/** The options about what is printed. */
final class Output {
    static final String VERBOSE = "--verbose";

    @Option(names = "--json", description = "Prints one JSON object, as the admin API would.")
    private boolean json;

    @Option(names = VERBOSE, description = "Prints the log, and where an exception comes from, to standard error.")
    private boolean verbose;

    boolean json() {
        return json;
    }

    boolean verbose() {
        return verbose;
    }
}
