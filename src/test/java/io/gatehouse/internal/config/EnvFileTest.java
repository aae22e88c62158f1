package io.gatehouse.internal.config;

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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the syntax of files of variables. */
class EnvFileTest {
    @TempDir
    private Path folder = Path.of("");

    private Map<String, String> read(String text) throws IOException {
        return EnvFile.read(Files.writeString(folder.resolve(".env"), text).toString())
                .without(name -> false);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiterString = " => ",
            value = {
                "A=b => b",
                "export A=b => b",
                "  A = b   => b",
                "A=b # comment => b",
                "A=b#no comment => b#no comment",
                "A=#no-comment => #no-comment",
                "A=redis://:p%40ss@h:6379/1?x=y => redis://:p%40ss@h:6379/1?x=y",
                "A='b # c' # comment => b # c",
                "A='$b ${c} $(d)' => $b ${c} $(d)",
                "A='it\\'s' => it's",
                "A='\\n' => \\n",
                "A=\"b \\\"c\\\" \\\\ \\$d\" => b \"c\" \\ $d",
                "A=100$ => 100$",
                "A=\"5$\" => 5$",
                "A=b'c'd => b'c'd",
                "A=b=c= => b=c="
            })
    void readsAValue(String line, String value) throws IOException {
        assertThat(read(line)).isEqualTo(Map.of("A", value));
        assertThat(read("# first\r\n\r\n" + line + "\r\nB=2\r\n")).isEqualTo(Map.of("A", value, "B", "2"));
    }

    @Test
    void readsEmptyValuesSeveralLinesEscapesAndTheLastOfSeveralLines() throws IOException {
        assertThat(read("\uFEFFA=\nB= # none\nC=''\n")).isEqualTo(Map.of("A", "", "B", "", "C", ""));
        assertThat(read("A=\"b\nc\\td\\n\"\nB='e\n#f'\n")).isEqualTo(Map.of("A", "b\nc\td\n", "B", "e\n#f"));
        assertThat(read("A=1\nA=2")).isEqualTo(Map.of("A", "2"));
        assertThat(read("")).isEmpty();
        assertThat(read("#")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hunter2",
                "=hunter2",
                "hunter2-x=",
                "1A=hunter2",
                "export hunter2",
                "A='hunter2",
                "A=\"hunter2\nB=1",
                "A='b' hunter2",
                "A=$hunter2",
                "A=${hunter2}",
                "A=$(hunter2)",
                "A=\"x ${hunter2}\"",
                "A=hunter2\u0000"
            })
    void rejectsAMalformedLineByItsNumberAndShowsNothingOfIt(String line) {
        assertThatThrownBy(() -> read("# a comment\n\nGOOD=1\n" + line + "\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(", line 4 ")
                .hasMessageContaining("expected")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void rejectsFilesThatCannotBeRead() throws IOException {
        for (Path file : new Path[] {
            folder,
            folder.resolve("missing"),
            Files.write(folder.resolve("binary"), "A=\u00e4".getBytes(StandardCharsets.ISO_8859_1)),
            Files.writeString(folder.resolve("large"), "#".repeat((1 << 20) + 1))
        }) {
            assertThatThrownBy(() -> EnvFile.read(file.toString()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("expected");
        }
        assertThatThrownBy(() -> EnvFile.read("a\0b")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void leavesOutWhatIsGivenElsewhereUnderEitherName() throws IOException {
        Path file = Files.writeString(folder.resolve("some.env"), "A=1\nB=2\nC_FILE=/c\nD=4\n");
        assertThat(EnvFile.read(file.toString()).without(name -> name.matches("A|B_FILE|C")))
                .isEqualTo(Map.of("D", "4"));
    }
}
