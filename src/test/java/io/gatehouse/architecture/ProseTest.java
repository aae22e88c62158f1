package io.gatehouse.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Keeps the words of {@code banned-words.txt} out of what people read: pages, comments, messages, scripts and configuration. Code of a
 * page, in blocks and between backticks, is not prose.
 */
class ProseTest {
    private static final Path LIST = Path.of("src/test/resources/banned-words.txt");
    private static final List<Path> PAGES =
            List.of(Path.of("README.md"), Path.of("src/docs"), Path.of(".github"), Path.of("server-config"));
    private static final List<Path> SOURCES = Stream.of(
                    "src/main", "src/run", "src/bench", "src/spring-boot", "src/test", "webapp", "server-config")
            .map(Path::of)
            .toList();
    private static final Pattern SOURCE = Pattern.compile(".*\\.(java|lua|txt|properties|xml|x?html|json|sh|css)");

    @Test
    void noPageUsesABannedWord() throws IOException {
        assertNoBannedWord(PAGES, ".*");
    }

    @Test
    void noSourceFileUsesABannedWord() throws IOException {
        assertNoBannedWord(SOURCES, SOURCE.pattern());
    }

    private static void assertNoBannedWord(List<Path> roots, String fileNames) throws IOException {
        WordList words = WordList.read(LIST);
        List<String> found = new ArrayList<>();
        for (Path root : roots) {
            for (Path file : files(root)) {
                if (!file.equals(LIST) && file.toString().matches(fileNames)) {
                    found.addAll(words.findings(file.toString().replace('\\', '/'), Prose.of(file)));
                }
            }
        }
        assertThat(found).as(String.join("\n", found)).isEmpty();
    }

    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Test
    void findsABannedWordInThePageTextAndNotInItsCode() throws IOException {
        String page = "It is loaded anew.\nCall `anew()`.\n```\nanew\n```\n";
        assertThat(WordList.read(LIST).findings("A.md", Prose.ofPage(page)))
                .containsExactly("A.md:1: 'anew': use \"again\" or the prefix \"re-\"");
    }

    @Test
    void findsABannedWordInCommentsAndLiteralsOfJavaAndNotInItsCode() throws IOException {
        String source = """
                /**
                 * Who asks, is refused.
                 */
                class Anew {
                    String anew = "\\"anew";
                    char quote = '"'; // mended
                    int ours;
                    String block = \"""
                        a web socket
                        \""";
                }
                """;
        assertThat(WordList.read(LIST).findings("A.java", Prose.ofJava(source)))
                .extracting(finding -> finding.substring(0, finding.lastIndexOf("': ") + 1))
                .containsExactly(
                        "A.java:2: 'Who '", "A.java:5: 'anew'", "A.java:6: 'mended'", "A.java:9: 'web socket'");
    }

    @Test
    void skipsTheLinesOfAnException() throws IOException {
        WordList words = WordList.read(LIST);
        assertThat(words.findings("src/test/resources/wire/v1/token.txt", Prose.ofPage("Read anew.")))
                .isEmpty();
        assertThat(words.findings("src/docs/index.md", Prose.ofPage("Read anew.")))
                .hasSize(1);
    }
}
