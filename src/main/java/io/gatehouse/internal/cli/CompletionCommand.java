package io.gatehouse.internal.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** The command {@code completion}. */
@Command(
        name = "completion",
        description =
                "Prints a script for bash and zsh that completes the command gatehouse: source <(gatehouse completion)")
final class CompletionCommand extends OperatorCommand {

    @Override
    CommandResult answer() {
        String script = AutoComplete.bash("gatehouse", spec.root().commandLine());
        return CommandResult.of(new Script(script), script);
    }

    /** For programs. */
    private record Script(String script) {}
}
