package io.gatehouse.internal.cli;

import io.gatehouse.InvalidConfigurationException;
import io.gatehouse.RedisUnavailableException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Prints the errors of commands and maps them to exit codes. */
final class ErrorMessages {

    private ErrorMessages() {}

    /** Prints a usage error and returns the exit code. */
    static int usage(ParameterException problem, String[] arguments) {
        CommandLine command = problem.getCommandLine();
        PrintWriter errors = command.getErr();
        errors.println(line(command, String.valueOf(problem.getMessage())));
        boolean unused = UnmatchedArgumentException.printSuggestions(problem, errors);
        errors.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
        errors.flush();
        return ExitCode.USAGE.code();
    }

    /** Prints an exception that a command has thrown and returns the exit code. */
    static int execution(Exception problem, CommandLine command, ParseResult parsed) {
        PrintWriter errors = command.getErr();
        List<String> lines = problem instanceof InvalidConfigurationException invalid
                ? invalid.messages()
                : List.of(problem.getMessage() == null ? problem.toString() : problem.getMessage());
        lines.forEach(line -> errors.println(line(command, line)));
        if (command.getCommand() instanceof OperatorCommand operator && operator.output.verbose()) {
            problem.printStackTrace(errors);
        }
        errors.flush();
        return exit(problem).code();
    }

    private static String line(CommandLine command, String message) {
        return Colors.shownAsError(command, Colors.in(Colors.BAD, "gatehouse:")) + " " + TextFormatter.plain(message);
    }

    private static ExitCode exit(Exception problem) {
        if (problem instanceof CommandException failed) {
            return failed.exit();
        }
        if (problem instanceof RedisUnavailableException) {
            return ExitCode.UNHEALTHY;
        }
        return problem instanceof InvalidConfigurationException || problem instanceof IllegalArgumentException
                ? ExitCode.USAGE
                : ExitCode.FAILED;
    }
}
