package io.gatehouse.internal.cli;

import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The output options of every command. */
final class Output {
    static final String VERBOSE = "--verbose";

    /** When to print colours. */
    enum When {
        AUTO,
        ALWAYS,
        NEVER
    }

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--json", description = "Prints one JSON object, the same as that of the admin API.")
    private boolean json;

    @Option(names = VERBOSE, description = "Prints the log and stack traces to standard error.")
    private boolean verbose;

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            description =
                    "auto, always or never: when to print colours. auto, the default, prints them on a terminal unless"
                            + " NO_COLOR is set.")
    void color(When when) {
        if (when != When.AUTO) {
            command.commandLine().setColorScheme(Help.defaultColorScheme(when == When.ALWAYS ? Ansi.ON : Ansi.OFF));
        }
    }

    boolean json() {
        return json;
    }

    boolean verbose() {
        return verbose;
    }
}
