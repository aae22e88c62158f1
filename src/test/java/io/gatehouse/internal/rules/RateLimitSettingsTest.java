package io.gatehouse.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.InvalidConfigurationException;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of the sources of rules and their precedence. */
class RateLimitSettingsTest {
    private static final String PROPERTIES = "/WEB-INF/gatehouse-limits.properties";
    private static final String JSON = "/WEB-INF/gatehouse-limits.json";

    @TempDir
    Path folder;

    @Test
    void theBuiltInRulesApplyIfNoneAreConfigured() {
        assertThat(names(Map.of(), Map.of()))
                .containsExactly(
                        "login",
                        "login-day",
                        "login-network",
                        "password-reset",
                        "api",
                        "user-login",
                        "user-action",
                        "sessions",
                        "sessions-network",
                        "everything");
    }

    @Test
    void theBuiltInRulesCoverTheUsualLoginPaths() {
        RuleSet rules = RateLimitSettings.builtIn();
        for (String path :
                List.of("/login", "/login/", "/j_security_check", "/api/login", "/auth/login", "/oauth/token")) {
            assertThat(rules.matching("POST", path))
                    .as(path)
                    .extracting(RateLimitRule::name)
                    .contains("login", "login-day", "login-network", "everything");
            assertThat(rules.matching("GET", path))
                    .as(path)
                    .extracting(RateLimitRule::name)
                    .doesNotContain("login", "login-day", "login-network");
        }
        assertThat(rules.matching("POST", "/login").stream().filter(RateLimitRule::countsFailures))
                .hasSize(3);
        assertThat(rules.matching("POST", "/forgot-password"))
                .extracting(RateLimitRule::name)
                .containsExactly("password-reset", "everything");
        assertThat(rules.matching("GET", "/api/orders"))
                .extracting(RateLimitRule::name)
                .containsExactly("api", "everything");
    }

    @Test
    void aSettingWinsOverTheApplicationsOwnRules() {
        assertThat(names(Map.of("GATEHOUSE_RATE_LIMITS", rule("given")), Map.of(PROPERTIES, rule("own"))))
                .containsExactly("given");
        assertThat(names(Map.of("GATEHOUSE_RATE_LIMITS", "None"), Map.of(PROPERTIES, rule("own"))))
                .isEmpty();
        assertThat(names(Map.of("GATEHOUSE_RATE_LIMITS", "Built-in"), Map.of(PROPERTIES, rule("own"))))
                .contains("login");
    }

    @Test
    void aFileWinsOverTheApplicationsOwnRulesAndASettingOverTheFile() throws IOException {
        String file = Files.writeString(folder.resolve("limits"), "\n\n" + rule("filed"))
                .toString();
        assertThat(names(Map.of("GATEHOUSE_RATE_LIMITS_FILE", file), Map.of(PROPERTIES, rule("own"))))
                .containsExactly("filed");
        assertThat(names(Map.of("GATEHOUSE_RATE_LIMITS_FILE", file, "GATEHOUSE_RATE_LIMITS", rule("given")), Map.of()))
                .containsExactly("given");
    }

    @Test
    void aChangedRuleFileIsReadAgain() throws IOException {
        Path file = Files.writeString(folder.resolve("limits"), rule("one"));
        Config config = config(Map.of("GATEHOUSE_RATE_LIMITS_FILE", file.toString()));
        RuleSource ruleSource = RateLimitSettings.from(config, RateLimitSettingsTest::json, path -> null)
                .rules();
        Files.writeString(file, rule("two"));
        ruleSource.refresh();
        ruleSource.refresh();
        assertThat(ruleSource.get().rules()).extracting(RateLimitRule::name).containsExactly("two");
    }

    @ParameterizedTest
    @ValueSource(strings = {PROPERTIES, JSON})
    void theApplicationCanShipItsOwnRules(String path) {
        assertThat(names(Map.of(), Map.of(path, rule("own")))).containsExactly("own");
    }

    @Test
    void textThatStartsWithABraceIsReadAsJson() throws IOException {
        String file =
                Files.writeString(folder.resolve("limits.properties"), " \n{ }").toString();
        assertThat(names(Map.of("GATEHOUSE_RATE_LIMITS", "{}"), Map.of())).containsExactly("json");
        assertThat(names(Map.of("GATEHOUSE_RATE_LIMITS_FILE", file), Map.of())).containsExactly("json");
        assertThat(names(Map.of(), Map.of(PROPERTIES, "{}"))).containsExactly("json");
    }

    @Test
    void invalidRulesAreReportedWithTheirLocation() throws IOException {
        String file =
                Files.writeString(folder.resolve("limits"), "\n\nr.level = ip").toString();
        assertThat(problems(Map.of("GATEHOUSE_RATE_LIMITS_FILE", file), Map.of()))
                .containsExactly("GATEHOUSE_RATE_LIMITS_FILE (" + file + "), line 3: rule 'r' has no limit");
        assertThat(problems(Map.of("GATEHOUSE_RATE_LIMITS", "r.level = ip"), Map.of()))
                .containsExactly("GATEHOUSE_RATE_LIMITS, line 1: rule 'r' has no limit");
        assertThat(problems(Map.of(), Map.of(JSON, "\nr.level = ip")))
                .containsExactly(JSON + ", line 2: rule 'r' has no limit");
        assertThat(problems(Map.of("GATEHOUSE_RATE_LIMITS_FILE", file + "-"), Map.of()))
                .containsExactly("GATEHOUSE_RATE_LIMITS_FILE (" + file + "-), there is no such file");
        assertThat(problems(Map.of("GATEHOUSE_RATE_LIMITS_FILE", "a\0b"), Map.of()))
                .containsExactly("GATEHOUSE_RATE_LIMITS_FILE (a\0b), there is no such file");
        assertThat(problems(Map.of("GATEHOUSE_RATE_LIMITS", "builtin"), Map.of()))
                .containsExactly(
                        "GATEHOUSE_RATE_LIMITS is 'builtin' (test); expected built-in, none, or rules such as login.limit = 5/min");
        assertThat(problems(Map.of(), Map.of(JSON, rule("a"), PROPERTIES, rule("b"))))
                .containsExactly("found both " + PROPERTIES + " and " + JSON + "; expected only one of them");
        assertThat(problems(Map.of(), Map.of(PROPERTIES, "#".repeat(RuleFile.LONGEST + 1))))
                .containsExactly(PROPERTIES + " cannot be read: longer than 65536 bytes");
    }

    @Test
    void successfulResponsesCarryHeadersUnlessDisabled() {
        assertThat(settings(config(Map.of()), Map.of()).headers()).isTrue();
        assertThat(settings(config(Map.of("GATEHOUSE_RATE_LIMIT_HEADERS", "no")), Map.of())
                        .headers())
                .isFalse();
    }

    private static String rule(String name) {
        return name + ".level = ip\n" + name + ".limit = 1/s\n";
    }

    private static void json(String text, RuleReader into) {
        into.entry(1, "json", "level", "ip");
        into.entry(1, "json", "limit", "1/s");
    }

    private static List<String> names(Map<String, String> values, Map<String, String> resources) {
        Config config = config(values);
        RuleSet rules = settings(config, resources).rules().get();
        config.throwIfBroken();
        return rules.rules().stream().map(RateLimitRule::name).toList();
    }

    private static List<String> problems(Map<String, String> values, Map<String, String> resources) {
        Config config = config(values);
        settings(config, resources);
        try {
            config.throwIfBroken();
            throw new AssertionError("nothing was wrong");
        } catch (InvalidConfigurationException e) {
            return e.messages();
        }
    }

    private static RateLimitSettings settings(Config config, Map<String, String> resources) {
        return RateLimitSettings.from(config, RateLimitSettingsTest::json, path -> {
            String text = resources.get(path);
            return text == null ? null : new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        });
    }

    private static Config config(Map<String, String> values) {
        return new Config(List.of(ConfigSource.of("test", values)));
    }
}
