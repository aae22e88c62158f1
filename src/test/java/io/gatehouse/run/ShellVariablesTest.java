package io.gatehouse.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that a shell reads every value unchanged. */
class ShellVariablesTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "two  words ",
                "it's",
                "'",
                "'; touch injected; '",
                "$(touch injected) `touch injected` ${HOME} $HOME",
                "\"double\" \\ back\\slash\\",
                "line one\nline 'two'\n",
                "!history # no comment * ? ~ & | < >",
                "umlaut \u00e4 \u6f22"
            })
    void quotesEveryValueForTheShell(String value) throws IOException, InterruptedException {
        Path file = Files.writeString(
                folder.resolve("env.sh"), ShellVariables.exports(Map.of("GATEHOUSE_A", value, "REDIS_B", "after")));
        Process shell = new ProcessBuilder("sh", "-c", ". ./env.sh; printf '%s|%s' \"$GATEHOUSE_A\" \"$REDIS_B\"")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String printed = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).isZero();
        assertThat(printed).isEqualTo(value + "|after");
        assertThat(folder.resolve("injected")).doesNotExist();
        assertThat(file).exists();
    }

    @Test
    void rejectsAnInvalidName() {
        assertThatThrownBy(() -> ShellVariables.exports(Map.of("A; touch injected; B", "")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
