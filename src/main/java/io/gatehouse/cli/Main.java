package io.gatehouse.cli;

import java.io.InputStream;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code gatehouse}. It ends with 0 if all is well, 1 if it failed, 2 if nobody knows what was meant. */
@Command(
        name = "gatehouse",
        description = "Commands for operators of Gatehouse.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class Main {

    public static void main(String[] arguments) {
        System.exit(commandLine(System.in).execute(arguments));
    }

    /** All commands, to be run with {@code execute}. */
    static CommandLine commandLine(InputStream standardInput) {
        return new CommandLine(new Main())
                .addSubcommand(new ReplayCommand(standardInput))
                .setExecutionExceptionHandler((problem, command, parsed) -> {
                    PrintWriter errors = command.getErr();
                    errors.println("gatehouse: " + problem.getMessage());
                    errors.flush();
                    return command.getCommandSpec().exitCodeOnExecutionException();
                });
    }
}
