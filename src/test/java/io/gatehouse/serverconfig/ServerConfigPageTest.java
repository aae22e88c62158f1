package io.gatehouse.serverconfig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests that {@code server-config.md} has a row for every file and no other row. */
class ServerConfigPageTest {
    private static final Path FOLDER = Path.of("server-config");
    private static final Pattern REMOTE_WITHOUT_TLS =
            Pattern.compile("(?<!\\w)redis://(?!(?:[^@\\s]*@)?(?:localhost|127\\.0\\.0\\.1)\\b)[\\w*]");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| \\[`([^`]+)`]\\(");

    @Test
    void everyFileHasARow() throws IOException {
        List<String> files;
        try (Stream<Path> all = Files.walk(FOLDER)) {
            files = all.filter(Files::isRegularFile)
                    .map(file -> FOLDER.relativize(file).toString().replace('\\', '/'))
                    .toList();
        }
        String page = Files.readString(Path.of("src", "docs", "reference", "server-config.md"));
        Stream<String> rows = ROW.matcher(page).results().map((MatchResult match) -> match.group(1));
        assertThat(rows).containsExactlyInAnyOrderElementsOf(files);
    }

    @Test
    void everyExampleOfARedisOnAnotherHostHasTls() throws IOException {
        for (Path folder : List.of(FOLDER, Path.of("src", "docs"), Path.of("README.md"))) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path file : all.filter(Files::isRegularFile).toList()) {
                    assertThat(Files.readAllLines(file))
                            .as(file.toString())
                            .noneMatch(line -> REMOTE_WITHOUT_TLS.matcher(line).find());
                }
            }
        }
    }
}
