package io.gatehouse.internal.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Tests that the page and the contract list exactly the existing checks. */
class VerifyPageTest {

    @Test
    void listsEveryCheckOnThePage() throws IOException {
        String table = Arrays.stream(CheckId.values())
                .map(checkId -> "| `" + checkId.id() + "` | " + checkId.group().label() + " | " + cell(checkId.title())
                        + " | " + cell(checkId.why()) + " | " + cell(checkId.remedy()) + " |\n")
                .collect(Collectors.joining());
        assertThat(Files.readString(Path.of("src/docs/reference/verify.md")))
                .endsWith("|---|---|---|---|---|\n" + table);
    }

    @Test
    void listsEveryIdInTheContract() throws IOException {
        String table = Arrays.stream(CheckId.values())
                .map(checkId -> "| `" + checkId.id() + "` | " + cell(checkId.title()) + " |\n")
                .collect(Collectors.joining());
        assertThat(Files.readString(Path.of("src/docs/reference/contract.md")))
                .contains("## Findings of verify\n", table);
    }

    @Test
    void idsAreUniqueAndEncodeTheSeverity() {
        assertThat(Arrays.stream(CheckId.values()).map(CheckId::id))
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("GH-[EWI]\\d{3}"));
        assertThat(CheckId.REDIS_UNREACHABLE.severity()).isEqualTo(Severity.ERROR);
        assertThat(CheckId.ONE_SERVER.severity()).isEqualTo(Severity.WARNING);
        assertThat(CheckId.MEASURED.severity()).isEqualTo(Severity.INFO);
    }

    @Test
    void everyIdOccursInATest() throws IOException {
        StringBuilder tests = new StringBuilder();
        for (String name : List.of("Configuration", "Server", "Topology")) {
            tests.append(Files.readString(
                    Path.of("src/test/java/io/gatehouse/internal/diagnostics/" + name + "FindingsTest.java")));
        }
        tests.append(
                Files.readString(Path.of("src/test/java/io/gatehouse/internal/diagnostics/ServerChecksTest.java")));
        assertThat(Arrays.stream(CheckId.values()).map(CheckId::id)).allMatch(id -> tests.indexOf(id) >= 0);
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
