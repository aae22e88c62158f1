package io.gatehouse.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.rules.RuleReader.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests that the page about rate limits agrees with the code. */
class RateLimitPageTest {
    private static final Path PAGE = Path.of("src/docs/reference/rate-limits.md");
    private static final Path CONTRACT = Path.of("src/docs/reference/contract.md");

    @Test
    void thePageShowsTheBuiltInRules() throws IOException {
        String builtIn = new String(
                RateLimitSettings.class
                        .getResourceAsStream("built-in.properties")
                        .readAllBytes(),
                StandardCharsets.UTF_8);
        assertThat(Files.readString(PAGE)).contains("```properties\n" + builtIn + "```\n");
    }

    @Test
    void theFirstExampleOfThePageIsValid() throws IOException {
        String page = Files.readString(PAGE);
        int start = page.indexOf("```properties\n") + "```properties\n".length();
        String example = page.substring(start, page.indexOf("```", start));
        assertThat(((Outcome.Accepted) RuleReader.read(example, (json, into) -> {}))
                        .rules()
                        .rules())
                .extracting(RateLimitRule::name)
                .containsExactly("login", "reports");
    }

    @Test
    void thePageExplainsEveryKeyInOrder() throws IOException {
        assertThat(Files.readString(PAGE)
                        .lines()
                        .filter(line -> line.startsWith("| `"))
                        .map(line -> line.substring(3, line.indexOf('`', 3)))
                        .filter(RuleBuilder.KEYS::contains))
                .containsExactlyElementsOf(RuleBuilder.KEYS);
    }

    @Test
    void theContractListsKeysAndBuiltInRules() throws IOException {
        assertThat(listed("Keys of a rate-limit rule")).containsExactlyElementsOf(RuleBuilder.KEYS);
        assertThat(listed("Built-in rate limits"))
                .containsExactlyElementsOf(RateLimitSettings.builtIn().rules().stream()
                        .map(RateLimitRule::name)
                        .toList());
    }

    private static List<String> listed(String heading) throws IOException {
        String page = Files.readString(CONTRACT);
        int start = page.indexOf("\n## " + heading + "\n");
        return page.substring(start, page.indexOf("\n## ", start + 1))
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(3, line.indexOf('`', 3)))
                .toList();
    }
}
