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
 * Keeps the words of {@code banned-words.txt} out of what people read. Code, in blocks and between backticks, is not prose.
 */
class ProseTest {
    private static final Path LIST = Path.of("src/test/resources/banned-words.txt");
    private static final List<Path> ROOTS =
            List.of(Path.of("README.md"), Path.of("src/docs"), Path.of(".github"), Path.of("server-config"));

    @Test
    void noPageUsesABannedWord() throws IOException {
        WordList words = WordList.read(LIST);
        List<String> found = new ArrayList<>();
        for (Path root : ROOTS) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    found.addAll(words.findings(file));
                }
            }
        }
        assertThat(found).as(String.join("\n", found)).isEmpty();
    }

    @Test
    void findsABannedWordInProseAndNotInCode() throws IOException {
        WordList words = WordList.read(LIST);
        assertThat(words.findings("A.md", List.of("It is loaded anew.", "Call `anew()`.", "```", "anew", "```")))
                .containsExactly("A.md:1: 'anew': use \"again\" or the prefix \"re-\"");
    }

    @Test
    void skipsTheLinesOfAnException() throws IOException {
        WordList words = WordList.read(LIST);
        assertThat(words.findings("src/docs/reference/configuration.md", List.of("| `GATEHOUSE_X` |  | Read anew. |")))
                .isEmpty();
        assertThat(words.findings("src/docs/reference/configuration.md", List.of("Read anew.")))
                .hasSize(1);
    }

    private record Ban(Pattern word, String reason) {}

    private record Allowed(Pattern file, Pattern line) {}

    private record WordList(List<Ban> bans, List<Allowed> exceptions) {

        static WordList read(Path list) throws IOException {
            List<Ban> bans = new ArrayList<>();
            List<Allowed> exceptions = new ArrayList<>();
            for (String line : Files.readAllLines(list)) {
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                String[] parts = line.split(" +;; +", -1);
                assertThat(parts).as(line).hasSize(3);
                switch (parts[0]) {
                    case "ban" ->
                        bans.add(new Ban(Pattern.compile(parts[1], Pattern.CASE_INSENSITIVE), parts[2].strip()));
                    case "allow" -> {
                        String[] where = parts[1].split(" :: ", -1);
                        exceptions.add(new Allowed(Pattern.compile(where[0]), Pattern.compile(where[1])));
                    }
                    default -> throw new AssertionError("expected 'ban' or 'allow': " + line);
                }
            }
            return new WordList(bans, exceptions);
        }

        List<String> findings(Path file) throws IOException {
            return findings(file.toString().replace('\\', '/'), Files.readAllLines(file));
        }

        List<String> findings(String file, List<String> lines) {
            List<String> found = new ArrayList<>();
            boolean code = false;
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                if (line.strip().startsWith("```")) {
                    code = !code;
                }
                if (code || isException(file, line)) {
                    continue;
                }
                String prose = line.replaceAll("`[^`]*`", "``").replaceAll("]\\([^)]*\\)", "]()");
                for (Ban ban : bans) {
                    var matcher = ban.word().matcher(prose);
                    if (matcher.find()) {
                        found.add(file + ":" + (i + 1) + ": '" + matcher.group() + "': " + ban.reason());
                    }
                }
            }
            return found;
        }

        private boolean isException(String file, String line) {
            return exceptions.stream()
                    .anyMatch(exception -> exception.file().matcher(file).matches()
                            && exception.line().matcher(line).find());
        }
    }
}
