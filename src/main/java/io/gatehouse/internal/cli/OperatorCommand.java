package io.gatehouse.internal.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command: its answer goes to standard output, all else to standard error. */
abstract class OperatorCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    Output output;

    /** Does it. What is thrown is told by {@link ErrorMessages}. */
    abstract CommandResult answer() throws Exception;

    @Override
    public final Integer call() throws Exception {
        CommandResult commandResult = answer();
        PrintWriter out = spec.commandLine().getOut();
        out.println(output.json() ? Json.of(commandResult.document()) : commandResult.text());
        out.flush();
        return commandResult.exit().code();
    }

    final CliEnvironment surroundings() {
        return ((Main) spec.root().userObject()).surroundings();
    }

    /** Tells people something beside the answer. */
    final void say(String line) {
        PrintWriter errors = spec.commandLine().getErr();
        errors.println("gatehouse: " + TextFormatter.plain(line));
        errors.flush();
    }

    final ParameterException wrongUsage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
