package io.gatehouse.internal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the completion scripts in the shells that this host has. */
class ShellCompletionTest {
    private static final List<String> COMMANDS =
            List.of("sessions", "session_cleanup", "reset_rate_limits", "completion");

    @TempDir
    private Path folder = Path.of("");

    private Path script(String... shell) throws IOException {
        String[] command = new String[shell.length + 1];
        command[0] = "completion";
        System.arraycopy(shell, 0, command, 1, shell.length);
        Console.Ended ended = new Console().run(command);
        assertThat(ended.code()).as(ended.errors()).isZero();
        return Files.writeString(folder.resolve("completion"), ended.out());
    }

    private static void requireShell(String name) {
        assumeTrue(
                Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(each -> Files.isExecutable(Path.of(each, name))),
                name + " is not installed on this host");
    }

    private String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gatehouse ''|warm",
                "gatehouse sess|sessions",
                "gatehouse sessions ''|terminate",
                "gatehouse warm --sc|--scope"
            })
    void bashCompletes(String words, String expected) throws IOException, InterruptedException {
        requireShell("bash");
        String typed = "set -- " + words + "; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); ";
        String out = run(
                "bash",
                "-c",
                "source " + script("bash") + "; " + typed
                        + "_complete_gatehouse gatehouse \"${COMP_WORDS[COMP_CWORD]}\"; printf '%s\\n' \"${COMPREPLY[@]}\"");
        assertThat(out.lines().map(String::strip)).contains(expected);
    }

    @Test
    void zshRegistersTheCompletion() throws IOException, InterruptedException {
        requireShell("zsh");
        String out = run(
                "zsh",
                "-fc",
                "autoload -Uz compinit && compinit -u -D; source " + script("zsh") + "; print $_comps[gatehouse]");
        assertThat(out).contains("_complete_gatehouse");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "gatehouse |warm",
                "gatehouse sess|sessions",
                "gatehouse sessions |terminate",
                "gatehouse --json sessions |terminate",
                "gatehouse warm --scope sessions --k|--key",
                "gatehouse verify --fail-level |warning",
                "gatehouse completion |zsh"
            })
    void fishCompletes(String typed, String expected) throws IOException, InterruptedException {
        requireShell("fish");
        String out = run("fish", "--no-config", "-c", "source " + script("fish") + "; complete -C '" + typed + "'");
        assertThat(out.lines().map(line -> line.split("\t", 2)[0])).contains(expected);
    }

    @Test
    void everyScriptHasEveryCommandAndTheUsualOneIsThatOfBash() throws IOException {
        String bash = Files.readString(script());
        assertThat(bash).isEqualTo(Files.readString(script("bash")));
        assertThat(bash).contains(COMMANDS).contains("--dry-run");
        assertThat(Files.readString(script("FISH")))
                .contains(COMMANDS.stream().map(name -> "-a '" + name + "'").toList())
                .contains("-l 'dry-run'", "the user\\'s session list");
        assertThat(new Console().run("completion", "tcsh").code()).isEqualTo(2);
    }
}
