package io.gatehouse.internal.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command. Its result goes to standard output, everything else to standard error. */
abstract class OperatorCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    Output output;

    /** Runs the command. {@link ErrorMessages} prints the exceptions it throws. */
    abstract CommandResult run() throws Exception;

    @Override
    public final Integer call() throws Exception {
        CommandResult result = run();
        PrintWriter out = spec.commandLine().getOut();
        out.println(output.json() ? Json.of(result.document()) : Colors.shown(spec.commandLine(), result.text()));
        if (out.checkError()) {
            say("standard output was closed or is full, so the output is not complete");
            return ExitCode.FAILED.code();
        }
        return result.exit().code();
    }

    final CliEnvironment environment() {
        return ((Main) spec.root().userObject()).environment();
    }

    /** Prints a message to standard error. */
    final void say(String line) {
        PrintWriter errors = spec.commandLine().getErr();
        errors.println("gatehouse: " + TextFormatter.plain(line));
        errors.flush();
    }

    /** Returns an exception that ends the command with a usage error. */
    final ParameterException wrongUsage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
