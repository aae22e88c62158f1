package io.gatehouse.internal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Tests that the pages list every command with its options, and every exit code. */
class CommandsPageTest {
    private static final Set<String> COMMON_OPTIONS =
            Set.of("--json", "--verbose", "--color", "--application", "--config", "--env-file", "--help", "--version");

    private static final CommandSpec ROOT = Main.commandLine(
                    new CliEnvironment(InputStream.nullInputStream(), List.of(), false, Ansi.OFF, Clock.systemUTC()))
            .getCommandSpec();

    private static List<CommandSpec> commands(CommandSpec below) {
        if (below.subcommands().isEmpty()) {
            return List.of(below);
        }
        List<CommandSpec> all = new ArrayList<>();
        below.subcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .forEach(command -> all.addAll(commands(command)));
        return all;
    }

    private static String name(CommandSpec command) {
        return command.qualifiedName().substring("gatehouse ".length());
    }

    private static String row(CommandSpec command) {
        String options = command.options().stream()
                .map(OptionSpec::longestName)
                .filter(option -> !COMMON_OPTIONS.contains(option))
                .sorted()
                .map(option -> "`" + option + "`")
                .collect(Collectors.joining(" "));
        return "| `" + name(command) + "` | " + options + " | "
                + String.join(" ", command.usageMessage().description()) + " |";
    }

    private static List<String> contract() throws IOException {
        String page = Files.readString(Path.of("src/docs/reference/contract.md"));
        int start = page.indexOf("\n## Commands\n");
        return page.substring(start, page.indexOf("\n## ", start + 1)).lines().toList();
    }

    @Test
    void theContractListsEveryCommandWithItsOptions() throws IOException {
        assertThat(contract().stream().filter(line -> line.startsWith("| `")))
                .containsExactlyElementsOf(
                        commands(ROOT).stream().map(CommandsPageTest::row).toList());
    }

    @Test
    void theContractListsEveryExitCode() throws IOException {
        Map<String, String> codes = ROOT.usageMessage().exitCodeList();
        assertThat(codes.keySet())
                .containsExactlyElementsOf(Arrays.stream(ExitCode.values())
                        .map(exitCode -> "" + exitCode.code())
                        .toList());
        assertThat(contract().stream().filter(line -> line.matches("\\| \\d .*")))
                .containsExactlyElementsOf(codes.entrySet().stream()
                        .map(code -> "| " + code.getKey() + " | " + code.getValue() + " |")
                        .toList());
    }

    @Test
    void everyCommandHasAnExample() throws IOException {
        String page = Files.readString(Path.of("src/docs/reference/cli.md"));
        assertThat(commands(ROOT))
                .allSatisfy(command -> assertThat(page).containsPattern("(?m)^\\$ gatehouse " + name(command) + "\\b"));
    }

    @Test
    void everyCommandHasTheCommonOptions() {
        assertThat(commands(ROOT)).allSatisfy(command -> {
            assertThat(command.userObject()).isInstanceOf(OperatorCommand.class);
            assertThat(command.optionsMap()).containsKeys("--json", "--verbose", "--color", "--help", "--version");
            assertThat(command.usageMessage().exitCodeList()).as(name(command)).hasSize(ExitCode.values().length);
        });
    }
}
