package io.gatehouse.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests which variables the servers of {@code mvn -Prun} get. */
class RunVariablesTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("GATEHOUSE_APPLICATION", "mine", "GATEHOUSE_KEYS_FILE", "/keys", "PATH", "/bin");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void theEnvironmentPrecedesTheFileAndTheFilePrecedesTheSample() throws IOException {
        Files.writeString(
                folder.resolve(".env"),
                "GATEHOUSE_APPLICATION=file\nGATEHOUSE_KEYS=k\nGATEHOUSE_PROBES_PATH=/up\nREDIS_URL=redis://h/1\n");
        RunVariables variables = RunVariables.read(folder, null, ENVIRONMENT);
        assertThat(variables.over(Map.of(
                        "GATEHOUSE_APPLICATION", "sample", "GATEHOUSE_PROBES_PATH", "/health", "SAMPLE", "default")))
                .isEqualTo(Map.of(
                        "GATEHOUSE_APPLICATION",
                        "mine",
                        "GATEHOUSE_PROBES_PATH",
                        "/up",
                        "SAMPLE",
                        "default",
                        "REDIS_URL",
                        "redis://h/1"));
        assertThat(variables.hasAny("REDIS_")).isTrue();
        assertThat(variables.value("GATEHOUSE_KEYS")).isNull();
        assertThat(variables.value("REDIS_URL")).isEqualTo("redis://h/1");
    }

    @Test
    void aMissingFileIsAnErrorOnlyIfItWasNamed() throws IOException {
        assertThat(RunVariables.read(folder, null, ENVIRONMENT).file()).isEmpty();
        assertThat(RunVariables.read(folder, null, ENVIRONMENT).hasAny("REDIS_"))
                .isFalse();
        assertThatThrownBy(() -> RunVariables.read(folder, "other.env", ENVIRONMENT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("other.env");
        Files.writeString(folder.resolve("other.env"), "A=1");
        assertThat(RunVariables.read(folder, "other.env", ENVIRONMENT).file()).isEqualTo(Map.of("A", "1"));
    }
}
