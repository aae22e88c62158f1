package io.gatehouse.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Tests that the page about the Java API lists the types of the API, package by package. */
class JavaApiPageTest {
    private static final Path PAGE = Path.of("src/docs/reference/java-api.md");

    /** Matches a row of the table of types: a package, and its types in code spans between commas. */
    private static final Pattern ROW =
            Pattern.compile("^\\| `(io\\.gatehouse[a-z.]*)` \\| (.*) \\|$", Pattern.MULTILINE);

    private static final Pattern TYPE = Pattern.compile("`@?([A-Z]\\w+)`");

    @Test
    void thePageListsEveryTypeOfTheApiAndNoOther() throws IOException {
        Map<String, Set<String>> listed = new TreeMap<>();
        Matcher row = ROW.matcher(Files.readString(PAGE));
        while (row.find()) {
            Set<String> types = listed.computeIfAbsent(row.group(1), any -> new TreeSet<>());
            TYPE.matcher(row.group(2)).results().forEach(type -> types.add(type.group(1)));
        }
        assertThat(listed).isEqualTo(ApiTypes.names());
    }
}
