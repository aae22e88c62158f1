package io.gatehouse.internal.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** The command {@code completion}. */
@Command(
        name = "completion",
        description =
                "Prints a bash and zsh completion script for the command gatehouse. Use: source <(gatehouse completion)")
final class CompletionCommand extends OperatorCommand {

    @Override
    CommandResult run() {
        String script = AutoComplete.bash("gatehouse", spec.root().commandLine());
        return CommandResult.of(new Script(script), script);
    }

    /** The JSON of the script. */
    private record Script(String script) {}
}
