package io.gatehouse.cli;

import io.gatehouse.config.InvalidConfiguration;
import io.gatehouse.redis.RedisUnavailable;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is said, and how a command ends, when it cannot be done. */
final class Failures {

    private Failures() {}

    static int usage(ParameterException problem, String[] arguments) {
        CommandLine command = problem.getCommandLine();
        PrintWriter errors = command.getErr();
        errors.println("gatehouse: " + Text.plain(String.valueOf(problem.getMessage())));
        boolean unused = UnmatchedArgumentException.printSuggestions(problem, errors);
        errors.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
        errors.flush();
        return Exit.USAGE.code();
    }

    static int execution(Exception problem, CommandLine command, ParseResult parsed) {
        PrintWriter errors = command.getErr();
        List<String> lines = problem instanceof InvalidConfiguration invalid
                ? invalid.messages()
                : List.of(problem.getMessage() == null ? problem.toString() : problem.getMessage());
        lines.forEach(line -> errors.println("gatehouse: " + Text.plain(line)));
        if (command.getCommand() instanceof OperatorCommand operator && operator.output.verbose()) {
            problem.printStackTrace(errors);
        }
        errors.flush();
        return exit(problem).code();
    }

    private static Exit exit(Exception problem) {
        if (problem instanceof CommandFailed failed) {
            return failed.exit();
        }
        if (problem instanceof RedisUnavailable) {
            return Exit.UNHEALTHY;
        }
        return problem instanceof InvalidConfiguration || problem instanceof IllegalArgumentException
                ? Exit.USAGE
                : Exit.FAILED;
    }
}
