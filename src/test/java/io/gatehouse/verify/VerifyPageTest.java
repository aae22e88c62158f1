package io.gatehouse.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page and the contract list what can be found, no more and no less. */
class VerifyPageTest {

    @Test
    void thePageListsEveryCheck() throws IOException {
        String table = Arrays.stream(Check.values())
                .map(check -> "| `" + check.id() + "` | " + check.group().label() + " | " + cell(check.title()) + " | "
                        + cell(check.why()) + " | " + cell(check.remedy()) + " |\n")
                .collect(Collectors.joining());
        assertThat(Files.readString(Path.of("src/docs/reference/verify.md")))
                .endsWith("|---|---|---|---|---|\n" + table);
    }

    @Test
    void theContractListsEveryId() throws IOException {
        String table = Arrays.stream(Check.values())
                .map(check -> "| `" + check.id() + "` | " + cell(check.title()) + " |\n")
                .collect(Collectors.joining());
        assertThat(Files.readString(Path.of("src/docs/reference/contract.md")))
                .contains("## Findings of verify\n", table);
    }

    @Test
    void anIdIsThereOnceAndSaysHowBadItIs() {
        assertThat(Arrays.stream(Check.values()).map(Check::id))
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("GH-[EWI]\\d{3}"));
        assertThat(Check.REDIS_UNREACHABLE.severity()).isEqualTo(Severity.ERROR);
        assertThat(Check.ONE_SERVER.severity()).isEqualTo(Severity.WARNING);
        assertThat(Check.MEASURED.severity()).isEqualTo(Severity.INFO);
    }

    @Test
    void everyIdIsProvokedByATest() throws IOException {
        StringBuilder tests = new StringBuilder();
        for (String name : List.of("Configuration", "Server", "Topology")) {
            tests.append(Files.readString(Path.of("src/test/java/io/gatehouse/verify/" + name + "FindingsTest.java")));
        }
        tests.append(Files.readString(Path.of("src/test/java/io/gatehouse/verify/ServerChecksTest.java")));
        assertThat(Arrays.stream(Check.values()).map(Check::id)).allMatch(id -> tests.indexOf(id) >= 0);
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
