package io.gatehouse.internal.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ScopeType;

/** The command {@code gatehouse} with its subcommands. {@link ExitCode} lists the exit codes. */
@Command(
        name = "gatehouse",
        description = "The command line of Gatehouse for operators. It reads the same settings as the server.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        scope = ScopeType.INHERIT,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed",
            "2:wrong usage, or the configuration is invalid",
            "3:unhealthy, for example Redis is unavailable",
            "4:partly done"
        },
        subcommands = {
            WarmCommand.class,
            InvalidateCommand.class,
            StatsCommand.class,
            HealthCommand.class,
            CleanUpCommands.All.class,
            CleanUpCommands.OfSessions.class,
            ResetCommand.class,
            SessionsCommand.class,
            JobsCommand.class,
            LimitsCommand.class,
            KeysCommand.class,
            ConfigCommand.class,
            VerifyCommand.class,
            ReplayCommand.class,
            CompletionCommand.class
        })
final class Main {
    private static final Set<String> FREE_FORM_LABELS = Set.of("HANDLE", "ID", "COUNTER");

    private final CliEnvironment cliEnvironment;

    private Main(CliEnvironment cliEnvironment) {
        this.cliEnvironment = cliEnvironment;
    }

    public static void main(String[] arguments) {
        if (!List.of(arguments).contains(Output.VERBOSE)) {
            LogManager.getLogManager().reset();
        }
        CommandLine commands = commandLine(CliEnvironment.real());
        commands.setOut(new PrintWriter(System.out, false, StandardCharsets.UTF_8));
        if (String.join("", arguments).indexOf('\uFFFD') >= 0) {
            System.err.println(
                    "gatehouse: the arguments contain characters that this locale cannot represent; set LC_ALL=C.UTF-8");
            System.exit(ExitCode.USAGE.code());
        }
        System.exit(commands.execute(arguments));
    }

    /** Returns all commands, to be run with {@code execute}. */
    static CommandLine commandLine(CliEnvironment cliEnvironment) {
        CommandLine commands = new CommandLine(new Main(cliEnvironment))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setPosixClusteredShortOptionsAllowed(false)
                .setColorScheme(Help.defaultColorScheme(cliEnvironment.ansi()))
                .setParameterExceptionHandler(ErrorMessages::usage)
                .setExecutionExceptionHandler(ErrorMessages::execution);
        acceptNamesThatLookLikeOptions(commands);
        return commands;
    }

    /** Accepts handles and ids that look like options: one in 64 starts with a hyphen. */
    private static void acceptNamesThatLookLikeOptions(CommandLine command) {
        command.getSubcommands().values().forEach(Main::acceptNamesThatLookLikeOptions);
        if (command.getCommandSpec().positionalParameters().stream()
                .anyMatch(parameter -> FREE_FORM_LABELS.contains(parameter.paramLabel()))) {
            command.setUnmatchedOptionsArePositionalParams(true);
        }
    }

    CliEnvironment environment() {
        return cliEnvironment;
    }

    /** Reads the version from the manifest of gatehouse-cli.jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {
                "gatehouse " + (version == null ? "(not built)" : version), "Java " + System.getProperty("java.version")
            };
        }
    }
}
