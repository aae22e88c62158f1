package io.gatehouse.internal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Tests the command {@code replay}. */
class ReplayCommandTest {
    private static final String LINE = "203.0.113.7 - - [24/Nov/2026:19:33:30 +0000] \"POST /login HTTP/1.1\" 401 12\n";

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter errors = new StringWriter();

    private int run(String input, String... arguments) {
        InputStream bytes = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        CommandLine command =
                Main.commandLine(new CliEnvironment(bytes, List.of(), false, Ansi.OFF, Clock.systemUTC()));
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(errors));
        return command.execute(arguments);
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void reportsWhatTheBuiltInRulesWouldHaveRefused() throws IOException {
        assertThat(run("", "replay", file("access.log", LINE.repeat(8)))).isZero();
        assertThat(out.toString())
                .contains("8 lines, 8 requests, 2026-11-24T19:33:30Z to 2026-11-24T19:33:30Z")
                .contains("3 would have been refused (37.50%)")
                .containsPattern("login \\(ip\\)\\R  8 requests, 3 refused")
                .contains("3 '203.0.113.7'");
        assertThat(errors.toString()).isEmpty();
    }

    @Test
    void readsStandardInputGzipAndRulesAndPrintsJson() throws IOException {
        Path packed = folder.resolve("access.log.1.gz");
        try (OutputStream bytes = new GZIPOutputStream(Files.newOutputStream(packed))) {
            bytes.write(LINE.getBytes(StandardCharsets.UTF_8));
        }
        String rules = file("limits.properties", "a.level = ip\na.limit = 1/hour\n");
        assertThat(run(LINE + "\u001B[2Jnonsense\n", "replay", "--json", "--rules", rules, packed.toString(), "-"))
                .isZero();
        JsonObject report = Json.createReader(new StringReader(out.toString())).readObject();
        assertThat(report.getInt("lines")).isEqualTo(3);
        assertThat(report.getInt("refused")).isEqualTo(1);
        assertThat(report.getInt("notUnderstood")).isEqualTo(1);
        JsonObject rule = report.getJsonArray("rules").getJsonObject(0);
        assertThat(rule.getString("name")).isEqualTo("a");
        assertThat(rule.getJsonArray("top").getJsonObject(0).getString("key")).isEqualTo("203.0.113.7");
        assertThat(out.toString()).doesNotContain("nonsense");
    }

    @Test
    void escapesControlCharactersFromTheLog() throws IOException {
        String rules = file("limits.properties", "a.level = user\na.limit = 1/hour\n");
        String lines = LINE.replace("- - ", "- \u001B[2J\"é ").repeat(2);
        assertThat(run(lines, "replay", "--rules", rules, "-")).isZero();
        assertThat(out.toString()).contains("'?[2J\"é'").doesNotContain("\u001B");
        out.getBuffer().setLength(0);
        assertThat(run(lines, "replay", "--json", "--rules", rules, "-")).isZero();
        JsonObject report = Json.createReader(new StringReader(out.toString())).readObject();
        assertThat(report.getJsonArray("rules")
                        .getJsonObject(0)
                        .getJsonArray("top")
                        .getJsonObject(0)
                        .getString("key"))
                .isEqualTo("\u001B[2J\"é");
    }

    @Test
    void acceptsAnEmptyLog() throws IOException {
        assertThat(run("", "replay", file("empty.log", ""))).isZero();
        assertThat(out.toString()).startsWith("0 lines, 0 requests");
    }

    @Test
    void failsWithOneLineIfALogCannotBeRead() throws IOException {
        assertThat(run("", "replay", folder.resolve("nothing.log").toString())).isEqualTo(1);
        assertThat(errors.toString()).endsWith("nothing.log: no such file" + System.lineSeparator());
        assertThat(run("", "replay", file("broken.gz", "no gzip"))).isEqualTo(1);
        assertThat(errors.toString())
                .containsPattern("cannot read .*broken\\.gz: ")
                .doesNotContain("\tat ");
        assertThat(run("", "replay", folder.toString())).isEqualTo(1);
    }

    @Test
    void reportsEveryProblemOfTheRules() throws IOException {
        String rules = file("limits.properties", "a.levle = ip\na.limit = 1/fortnight\n");
        assertThat(run(LINE, "replay", "--rules", rules, "-")).isEqualTo(2);
        assertThat(errors.toString()).contains("line 1: ").contains("line 2: a.limit is '1/fortnight'");
        assertThat(run(LINE, "replay", "--rules", rules + ".not", "-")).isEqualTo(2);
        assertThat(errors.toString()).contains("there is no such file");
    }

    @Test
    void readsRulesInJson() throws IOException {
        String rules = file("limits.json", "{\"rules\": {\"a\": {\"level\": \"ip\", \"limit\": \"1/hour\"}}}");
        assertThat(run(LINE.repeat(3), "replay", "--rules", rules, "-")).isZero();
        assertThat(out.toString()).contains("2 would have been refused");
    }

    @Test
    void failsIfNoLineCanBeParsed() {
        assertThat(run("\u0000\u0001\nnonsense", "replay", "-")).isEqualTo(1);
        assertThat(out.toString()).contains("2 lines could not be parsed, the first: 1, 2");
    }

    @Test
    void reportsWrongUsage() {
        assertThat(run("", "replay")).isEqualTo(2);
        assertThat(run("", "replay", "--ruels", "x", "-")).isEqualTo(2);
        assertThat(run("", "replay", "--ipv6-prefix", "8", "-")).isEqualTo(2);
        assertThat(run("", "replay", "--context", "shop", "-")).isEqualTo(2);
        assertThat(run("", "rerun")).isEqualTo(2);
        assertThat(run("", "replay", "--help")).isZero();
        assertThat(out.toString()).contains("so treat it like the log");
    }

    @Test
    void truncatesLongLines() throws IOException {
        String text = "x".repeat(3 * LogLines.MAX_LINE_BYTES) + "\nlast\r\n\nno end";
        List<String> lines = new ArrayList<>();
        new LogLines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))).forEach(lines::add);
        assertThat(lines).containsExactly("x".repeat(LogLines.MAX_LINE_BYTES), "last", "", "no end");
    }
}
