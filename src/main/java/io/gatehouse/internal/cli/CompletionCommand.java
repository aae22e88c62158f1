package io.gatehouse.internal.cli;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The command {@code completion}. */
@Command(
        name = "completion",
        description = "Prints a completion script for a shell. Use: source <(gatehouse completion bash), in fish:"
                + " gatehouse completion fish > ~/.config/fish/completions/gatehouse.fish")
final class CompletionCommand extends OperatorCommand {
    /** The shells that have a script. */
    enum Shell {
        BASH,
        ZSH,
        FISH
    }

    @Parameters(
            paramLabel = "SHELL",
            arity = "0..1",
            defaultValue = "bash",
            description = "bash, zsh or fish (default: ${DEFAULT-VALUE}).")
    private Shell shell = Shell.BASH;

    @Override
    CommandResult run() {
        CommandLine commands = spec.root().commandLine();
        String script = switch (shell) {
            case BASH, ZSH -> AutoComplete.bash("gatehouse", commands); // it enables bashcompinit in zsh
            case FISH -> FishCompletion.of(commands);
        };
        return CommandResult.of(new Script(script), script);
    }

    /** The JSON of the script. */
    private record Script(String script) {}
}
