package io.gatehouse.cli;

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

    /** Does it. What is thrown is told by {@link Failures}. */
    abstract Answer answer() throws Exception;

    @Override
    public final Integer call() throws Exception {
        Answer answer = answer();
        PrintWriter out = spec.commandLine().getOut();
        out.println(output.json() ? Json.of(answer.document()) : answer.text());
        out.flush();
        return answer.exit().code();
    }

    final Surroundings surroundings() {
        return ((Main) spec.root().userObject()).surroundings();
    }

    /** Tells people something beside the answer. */
    final void say(String line) {
        PrintWriter errors = spec.commandLine().getErr();
        errors.println("gatehouse: " + Text.plain(line));
        errors.flush();
    }

    final ParameterException wrongUsage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
