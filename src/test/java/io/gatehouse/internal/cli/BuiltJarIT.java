package io.gatehouse.internal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the built command line JAR in its own process. */
class BuiltJarIT {
    private static final Path JAR = Path.of("target", "gatehouse-cli.jar");

    @TempDir
    private Path folder = Path.of("");

    private record Ended(int code, String out, String errors) {}

    private Ended run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        Path errors = folder.resolve("errors.txt");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().keySet().removeIf(name -> name.matches("(REDIS|GATEHOUSE|JAVA|JDK)_.*"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (InputStream out = process.getInputStream()) {
            String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(process.waitFor(), text, Files.readString(errors));
        }
    }

    @Test
    void printsItsVersion() throws IOException, InterruptedException {
        Ended ended = run(Map.of(), "--version");
        assertThat(ended.code()).as(ended.errors()).isZero();
        assertThat(ended.out()).containsPattern("^gatehouse \\d");
    }

    @Test
    void writesJsonWithoutAServer() throws IOException, InterruptedException {
        Ended ended = run(Map.of(), "keys", "generate", "--json");
        assertThat(ended.errors()).isEmpty();
        assertThat(ended.out()).containsPattern("^\\{\"kid\":\"\\d{4}-\\d\\d\",\"key\":\"[^\"]+\"}");
    }

    @Test
    void reportsInOneLineThatRedisIsUnavailable() throws IOException, InterruptedException {
        Map<String, String> environment = Map.of(
                "GATEHOUSE_KEYS", App.KEYS,
                "GATEHOUSE_APPLICATION", "shop",
                "REDIS_SESSION_URL", "redis://127.0.0.1:1/0");
        Ended ended = run(environment, "sessions", "list");
        assertThat(ended.code()).isEqualTo(3);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.errors().lines())
                .containsExactly("gatehouse: Redis for sessions is unavailable: unreachable"
                        + " (REDIS_SESSION_URL is redis://127.0.0.1:1/0)");
        assertThat(run(environment, "health", "--json").code()).isEqualTo(3);
    }

    @Test
    void theLauncherRunsItAndAClosedPipeGivesNoStackTrace() throws IOException, InterruptedException {
        Path errors = folder.resolve("errors.txt");
        ProcessBuilder builder = new ProcessBuilder(
                        "sh", "-c", "server-config/gatehouse config | { read -r line; echo \"$line\"; }")
                .redirectError(errors.toFile());
        builder.environment().keySet().removeIf(name -> name.matches("(REDIS|GATEHOUSE)_.*"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("GATEHOUSE_KEYS", App.KEYS);
        Process process = builder.start();
        try (InputStream out = process.getInputStream()) {
            assertThat(new String(out.readAllBytes(), StandardCharsets.UTF_8)).startsWith("NAME");
        }
        assertThat(process.waitFor()).isZero();
        assertThat(Files.readString(errors)).doesNotContain("Exception", "\tat ");
    }

    @Test
    void theDistributionHasTheLauncherAndTheJar() throws IOException {
        try (ZipFile zip = new ZipFile("target/gatehouse-cli.zip")) {
            assertThat(zip.stream().map(ZipEntry::getName))
                    .containsExactlyInAnyOrder("gatehouse/", "gatehouse/gatehouse", "gatehouse/gatehouse-cli.jar");
        }
    }
}
