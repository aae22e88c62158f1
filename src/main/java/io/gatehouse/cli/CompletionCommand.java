package io.gatehouse.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** The command {@code completion}. */
@Command(
        name = "completion",
        description =
                "Prints a script for bash and zsh that completes the command gatehouse: source <(gatehouse completion)")
final class CompletionCommand extends OperatorCommand {

    @Override
    Answer answer() {
        String script = AutoComplete.bash("gatehouse", spec.root().commandLine());
        return Answer.of(new Script(script), script);
    }

    /** For programs. */
    private record Script(String script) {}
}
