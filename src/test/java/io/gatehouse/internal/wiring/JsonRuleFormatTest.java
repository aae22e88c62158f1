package io.gatehouse.internal.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.InvalidConfigurationException;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.internal.rules.RateLimitSettings;
import io.gatehouse.internal.rules.RuleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules in JSON: they equal the same rules as properties, and every problem has a line number. */
class JsonRuleFormatTest {

    @Test
    void jsonAndPropertiesGiveTheSameRules() {
        String json = """
                {
                  "allow": ["10.0.0.0/8", "2001:db8::/32"],
                  "rules": {
                    "login": {
                      "match": ["POST /login", "POST /api/login"],
                      "level": "ip",
                      "limit": "sliding 5/min",
                      "cost": 2,
                      "counts": ["failures", 401, 422],
                      "on-redis-failure": "local"
                    },
                    "all": {"level": "global", "limit": "1000/s burst 2000", "lease": true, "mode": "dry-run"}
                  },
                  "deny": "192.0.2.7"
                }
                """;
        String properties = """
                login.match = POST /login, POST /api/login
                login.level = ip
                login.limit = sliding 5/min
                login.cost = 2
                login.counts = failures 401 422
                login.on-redis-failure = local
                all.level = global
                all.limit = 1000/s burst 2000
                all.lease = true
                all.mode = dry-run
                allow = 10.0.0.0/8, 2001:db8::/32
                deny = 192.0.2.7
                """;
        assertThat(accepted(json)).hasToString(accepted(properties).toString());
    }

    @Test
    void bothExamplesOfTheReferencePageGiveTheSameRules() throws IOException {
        String page = Files.readString(Path.of("src/docs/reference/rate-limits.md"));
        assertThat(accepted(block(page, "json")))
                .hasToString(accepted(block(page, "properties")).toString());
    }

    private static String block(String page, String language) {
        int start = page.indexOf("```" + language + "\n") + language.length() + 4;
        return page.substring(start, page.indexOf("```", start));
    }

    @Test
    void reportsAllProblemsWithTheirLines() {
        assertThat(problems("""
                {
                  "rules": {
                    "login": {
                      "limit": "5/fortnight",
                      "levle": "ip",
                      "cost": null,
                      "match": [["/a"], {"b": [1]}],
                      "mode":
                        "perhaps",
                      "limit": "5/min"
                    },
                    "login": {"level": "ip"},
                    "empty": {},
                    "text": "5/min"
                  },
                  "rule": {},
                  "alow": [],
                  "deny": ["10.0.0.0/8", "me"],
                  "rules": {}
                }
                """))
                .containsExactly(
                        "line 3: rule 'login' has no level",
                        "line 4: login.limit is '5/fortnight'; expected a period in s, min, hour or day",
                        "line 5: 'login.levle' is not a key of a rule; did you mean level?",
                        "line 6: 'login.cost' has a value of another type; expected a string, a number, true or false, or a list of these",
                        "line 7: 'login.match' has a value of another type; expected a string, a number, true or false, or a list of these",
                        "line 8: login.mode is 'perhaps'; expected one of enforce, dry-run",
                        "line 10: 'login.limit' is already set in line 4",
                        "line 12: rule 'login' is already defined in line 3",
                        "line 13: rule 'empty' has no level",
                        "line 13: rule 'empty' has no limit",
                        "line 14: rule 'text' is not an object; expected {\"level\": ..., \"limit\": ...}",
                        "line 14: rule 'text' has no level",
                        "line 14: rule 'text' has no limit",
                        "line 16: 'rule' has a value of another type; expected a string, a number, true or false, or a list of these",
                        "line 17: 'alow' is unknown; expected allow, deny, or a key of a rule such as login.limit",
                        "line 18: deny is '10.0.0.0/8, me'; expected addresses and networks such as 192.0.2.7, 10.0.0.0/8, 2001:db8::/32, with only zeros after the prefix, not 'me'",
                        "line 19: 'rules' occurs twice; expected it once");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\\n\"rules\": {|line 2: this is not JSON at column 11",
                "{|line 1: this is not JSON at column 2",
                "{\\n  \"rules\" {}}|line 2: this is not JSON at column 11",
                "{\"rules\": {},}|line 1: this is not JSON at column 14",
                "{\"allow\": []} {}|line 1: this is not JSON at column 15",
                "{\"rules\": []}|line 1: 'rules' is not an object; expected {\"rules\": {\"login\": {...}}}",
                "{}|line 1: found no rule; to use none, set GATEHOUSE_RATE_LIMITS to none",
            })
    void reportsThePositionOfASyntaxError(String text, String problem) {
        assertThat(problems(text.replace("\\n", "\n"))).containsExactly(problem);
    }

    @Test
    void stopsReadingAtTheMaximumDepth() {
        assertThat(problems("{\n\"rules\": {\"r\": {\"limit\": " + "[".repeat(30_000)))
                .containsExactly(
                        "line 2: this JSON is nested too deeply; expected at most 16 levels",
                        "line 2: rule 'r' has no level",
                        "line 2: rule 'r' has no limit");
    }

    private static RuleSet accepted(String text) {
        Config config = config(text);
        RuleSet rules = RateLimitSettings.from(config, OptionalApi.rulesInJson(), path -> null)
                .rules()
                .get();
        config.throwIfBroken();
        return rules;
    }

    /** Returns the problems without the name of the setting at their start. */
    private static List<String> problems(String text) {
        try {
            throw new AssertionError("no problem was reported: " + accepted(text));
        } catch (InvalidConfigurationException e) {
            return e.messages().stream()
                    .map(problem -> problem.substring("GATEHOUSE_RATE_LIMITS, ".length()))
                    .toList();
        }
    }

    private static Config config(String text) {
        return new Config(List.of(ConfigSource.of("test", Map.of("GATEHOUSE_RATE_LIMITS", text))));
    }
}
