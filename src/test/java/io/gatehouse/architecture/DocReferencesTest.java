package io.gatehouse.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests every reference of a page: links, anchors, tests, classes and settings. */
class DocReferencesTest {
    private static final Path DOCS = Path.of("src/docs");
    private static final Path SECURITY = DOCS.resolve("explanation/security.md");
    private static final Pattern TEST = Pattern.compile("`([A-Z][a-z]\\w*(?:Test|IT|Contract|Life))`");
    private static final Pattern CLASS = Pattern.compile("`((?:[A-Z][a-z0-9]+){2,})`");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|mailto:)([^)#\\s]*)(?:#([^)\\s]*))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.*)$");
    private static final Pattern FENCE = Pattern.compile("(?ms)^ *```.*?^ *```");
    private static final Pattern SETTING = Pattern.compile("\\b((?:GATEHOUSE|REDIS)_[A-Z0-9_]*[A-Z0-9])\\b");

    @Test
    void everyTestNamedByAPageExists() throws IOException {
        assertThat(named(TEST, SECURITY)).hasSizeGreaterThan(40);
        Set<String> tests = classesBelow(Path.of("src/test/java"));
        for (Path page : pages()) {
            if (!page.startsWith(DOCS.resolve("adr")) && !page.endsWith("CHANGELOG.md")) {
                assertThat(tests).as("tests named by " + page).containsAll(named(TEST, page));
            }
        }
    }

    @Test
    void everyClassNamedByTheThreatTableExists() throws IOException {
        Set<String> classes = classesBelow(Path.of("src/main/java"));
        Set<String> named = Files.readAllLines(SECURITY).stream()
                .filter(line -> line.matches("\\| ([BURWNL]|N, W|any) \\|.*"))
                .map(line -> line.split("\\|", -1)[4])
                .flatMap(cell -> CLASS.matcher(cell).results().map(match -> match.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(named).hasSizeGreaterThan(15).isSubsetOf(classes);
    }

    @Test
    void everyRelativeLinkLeadsToAFileAndToAHeadingInIt() throws IOException {
        Map<Path, Set<String>> anchors = new HashMap<>();
        for (Path page : pages()) {
            anchors.put(page.normalize(), anchors(page));
        }
        for (Path page : pages()) {
            for (MatchResult link : LINK.matcher(prose(page)).results().toList()) {
                Path target = link.group(1).isEmpty()
                        ? page
                        : page.resolveSibling(link.group(1)).normalize();
                assertThat(target).as("link of " + page).exists();
                if (link.group(2) != null) {
                    assertThat(anchors.getOrDefault(target, Set.of()))
                            .as("headings of " + target + ", linked from " + page)
                            .contains(link.group(2));
                }
            }
        }
    }

    @Test
    void everyPageIsLinkedFromTheIndex() throws IOException {
        Set<Path> linked = new HashSet<>();
        for (Path index : List.of(DOCS.resolve("index.md"), DOCS.resolve("adr/README.md"))) {
            linked.add(index);
            LINK.matcher(Files.readString(index))
                    .results()
                    .forEach(link ->
                            linked.add(index.resolveSibling(link.group(1)).normalize()));
        }
        try (Stream<Path> all = Files.walk(DOCS)) {
            assertThat(all.filter(page -> page.toString().endsWith(".md"))).allMatch(linked::contains);
        }
    }

    @Test
    void everySettingNamedByAGuideIsInTheTable() throws IOException {
        Set<String> table =
                named(Pattern.compile("\\| `([A-Z0-9_]+)` \\|"), DOCS.resolve("reference/configuration.md"));
        for (Path page : pages()) {
            if (isGuide(page)) {
                assertThat(named(SETTING, page))
                        .as("settings in " + page)
                        .allSatisfy(name -> assertThat(table).containsAnyOf(name, name.replaceFirst("_FILE$", "")));
            }
        }
    }

    private static boolean isGuide(Path page) {
        return page.startsWith(DOCS.resolve("tutorials"))
                || page.startsWith(DOCS.resolve("how-to"))
                || page.startsWith(DOCS.resolve("explanation"));
    }

    private static List<Path> pages() throws IOException {
        List<Path> all = new ArrayList<>(List.of(Path.of("README.md")));
        for (Path folder : List.of(DOCS, Path.of(".github"))) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.filter(file -> file.toString().endsWith(".md")).forEach(all::add);
            }
        }
        return all;
    }

    /** Returns the anchors that GitHub gives to the headings of a page. */
    private static Set<String> anchors(Path page) throws IOException {
        Map<String, Integer> seen = new HashMap<>();
        Set<String> anchors = new HashSet<>();
        for (MatchResult heading : HEADING.matcher(prose(page)).results().toList()) {
            String slug = heading.group(1)
                    .replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                    .replace(' ', '-');
            int before = seen.merge(slug, 1, Integer::sum) - 1;
            anchors.add(before == 0 ? slug : slug + "-" + before);
        }
        return anchors;
    }

    /** Returns a page without its code blocks. */
    private static String prose(Path page) throws IOException {
        return FENCE.matcher(Files.readString(page)).replaceAll("");
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
