package io.gatehouse.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What pages name as a proof, a class or a setting is there: who follows them finds it. */
class PagesTest {
    private static final Path DOCS = Path.of("src/docs");
    private static final Pattern TEST = Pattern.compile("`([A-Z][a-z]\\w*(?:Test|IT|Contract|Life))`");
    private static final Pattern CLASS =
            Pattern.compile("`((?:cache|jobs|ratelimit|redis|session|signing|values|web)\\.[A-Z]\\w+)`");
    /** To a file beside the page, without the part after {@code #}. */
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|mailto:|#)([^)#\\s]+)");

    private static final Pattern SETTING = Pattern.compile("\\b((?:GATEHOUSE|REDIS)_[A-Z0-9_]*[A-Z0-9])\\b");

    @Test
    void everyTestThatAPageNamesIsThere() throws IOException {
        assertThat(named(TEST, DOCS.resolve("security.md"))).hasSizeGreaterThan(40);
        Set<String> tests = classesBelow(Path.of("src/test/java"));
        assertThat(allNamed(TEST))
                .allSatisfy((test, page) ->
                        assertThat(tests).as("a test in " + page).contains(test));
    }

    @Test
    void everyClassThatThePageAboutSecurityNamesIsThere() throws IOException {
        assertThat(named(CLASS, DOCS.resolve("security.md")))
                .hasSizeGreaterThan(10)
                .allSatisfy(name -> assertThat(Path.of("src/main/java/io/gatehouse", name.replace('.', '/') + ".java"))
                        .exists());
    }

    @Test
    void everyLinkOfAPageLeadsToAFile() throws IOException {
        for (Path folder : List.of(DOCS, Path.of(".github"), Path.of("README.md"))) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path page :
                        all.filter(file -> file.toString().endsWith(".md")).toList()) {
                    assertThat(named(LINK, page))
                            .as("links of " + page)
                            .allSatisfy(link ->
                                    assertThat(page.resolveSibling(link)).exists());
                }
            }
        }
    }

    @Test
    void everySettingThatAGuideNamesIsInTheTable() throws IOException {
        Set<String> table = named(Pattern.compile("\\| `([A-Z0-9_]+)` \\|"), DOCS.resolve("configuration.md"));
        try (Stream<Path> guides = Files.list(DOCS)) {
            for (Path guide : guides.filter(PagesTest::isGuide).toList()) {
                assertThat(named(SETTING, guide))
                        .as("settings in " + guide)
                        .allSatisfy(name -> assertThat(table).containsAnyOf(name, name.replaceFirst("_FILE$", "")));
            }
        }
    }

    private static boolean isGuide(Path page) {
        return page.getFileName().toString().matches("(security|migrate-.*|get-started-.*)\\.md");
    }

    /** What pages name, with one that does. */
    private static Map<String, Path> allNamed(Pattern pattern) throws IOException {
        Map<String, Path> all = new TreeMap<>();
        try (Stream<Path> pages = Files.list(DOCS)) {
            for (Path page : pages.filter(Files::isRegularFile).toList()) {
                named(pattern, page).forEach(name -> all.put(name, page));
            }
        }
        return all;
    }

    private static Set<String> named(Pattern pattern, Path page) throws IOException {
        return pattern.matcher(Files.readString(page))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> classesBelow(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toSet());
        }
    }
}
