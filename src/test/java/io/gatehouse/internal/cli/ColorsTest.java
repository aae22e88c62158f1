package io.gatehouse.internal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.cli.Console.Ended;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Tests where commands print colours, and that texts of clients are never interpreted as markup. */
class ColorsTest {
    private static Console console() {
        return Console.of("redis://127.0.0.1:1/0");
    }

    @Test
    void printsColoursOnATerminalUnlessTheOptionSaysOtherwise() {
        assertThat(console().run("config").out()).doesNotContain("\u001B");
        assertThat(console().terminal().run("config").out())
                .startsWith("\u001B[1mNAME")
                .containsPattern("(?m)^GATEHOUSE_ENABLED +True +default$");
        assertThat(console().terminal().run("config", "--color=never").out()).startsWith("NAME");
        assertThat(console().run("config", "--color", "always").out()).startsWith("\u001B[1mNAME");
        assertThat(console().run("config", "--color", "auto").out()).startsWith("NAME");
        assertThat(console().run("config", "--color", "red").code()).isEqualTo(2);
    }

    @Test
    void errorsHaveColoursTooAndJsonNever() {
        Ended plain = console().run("sessions", "list");
        assertThat(plain.errors()).startsWith("gatehouse: Redis for sessions is unavailable");
        assertThat(console().terminal().run("sessions", "list").errors())
                .startsWith("\u001B[")
                .contains("gatehouse:");
        assertThat(console().run("config", "--json", "--color=always").out())
                .startsWith("{")
                .doesNotContain("\u001B");
        assertThat(console().run("health", "--color=always").out())
                .startsWith("\u001B[")
                .contains("Redis is DOWN");
        assertThat(console().run("warm", "--help", "--color=always").out()).contains("\u001B[");
        assertThat(console().run("warm", "--help").out()).doesNotContain("\u001B[");
    }

    @Test
    void reportsAClosedOrFullOutputInOneLine() {
        StringWriter errors = new StringWriter();
        CommandLine commands = Main.commandLine(
                new CliEnvironment(InputStream.nullInputStream(), List.of(), false, Ansi.OFF, Clock.systemUTC()));
        commands.setErr(new PrintWriter(errors)).setOut(new PrintWriter(new Writer() {
            @Override
            public void write(char[] text, int from, int length) throws IOException {
                throw new IOException("Broken pipe");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        }));
        assertThat(commands.execute("keys", "generate")).isEqualTo(1);
        assertThat(errors.toString().lines())
                .containsExactly("gatehouse: standard output was closed or is full, so the output is not complete");
    }

    @Test
    void alignsColumnsAndInterpretsNoMarkup() {
        List<String> rows = List.of("@|bold x|@", "${sys:user.home}", "a\u001B[31mb", "\u4e2d\u6587", "");
        String table = TextFormatter.table(
                rows,
                "none",
                List.of(TextFormatter.column("text", row -> row), TextFormatter.column("length", String::length)));
        assertThat(table.lines().map(line -> line.replaceAll("\u001B\\[[0-9;]*m", "")))
                .containsExactly(
                        "TEXT              LENGTH",
                        "@|bold x|@        10",
                        "${sys:user.home}  16",
                        "a?[31mb           7",
                        "\u4e2d\u6587                2",
                        "                  0");
        assertThat(TextFormatter.table(List.of(), "none", List.of())).isEqualTo("none");
    }
}
