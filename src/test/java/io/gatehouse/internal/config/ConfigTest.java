package io.gatehouse.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.gatehouse.ConfigurationProblem;
import io.gatehouse.InvalidConfigurationException;
import io.gatehouse.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lookup and parsing of settings, and the reports of invalid ones. */
class ConfigTest {
    private static final Setting<Integer> SIZE = Setting.number("SIZE", 100, 1, 1000, "");
    private static final Setting<Boolean> FLAG = Setting.flag("FLAG", false, "");
    private static final Setting<Duration> TIME = Setting.duration("TIME", "30s", "");
    private static final Setting<Secret> WORD = Setting.secret("WORD", "");
    private static final Setting<List<String>> ITEMS = Setting.list("ITEMS", "", "");

    @TempDir
    Path folder;

    @Test
    void theFirstSourceWithANameTakesPrecedence() {
        Config config = new Config(List.of(
                ConfigSource.of("first", Map.of()),
                ConfigSource.of("second", Map.of("SIZE", "7")),
                ConfigSource.of("third", Map.of("SIZE", "8"))));
        assertThat(config.read(SIZE)).isEqualTo(7);
    }

    @Test
    void returnsTheDefaultIfNoSourceHasTheName() {
        assertThat(config(Map.of()).read(SIZE)).isEqualTo(100);
        assertThat(config(Map.of("SIZE", "  ")).read(SIZE)).isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"True", "true", "TRUE", "1", "yes", "Yes"})
    void readsEverySpellingOfTrue(String text) {
        assertThat(config(Map.of("FLAG", text)).read(FLAG)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"False", "false", "0", "no", "NO"})
    void readsEverySpellingOfFalse(String text) {
        assertThat(config(Map.of("FLAG", text)).read(FLAG)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"500ms,PT0.5S", "30,PT30S", "30s,PT30S", "15m,PT15M", "12h,PT12H", "30d,PT720H", "0,PT0S"})
    void readsDurationsWithAndWithoutUnit(String text, Duration expected) {
        assertThat(config(Map.of("TIME", text)).read(TIME)).isEqualTo(expected);
    }

    @Test
    void ignoresWhiteSpaceAndEmptyItemsInLists() {
        assertThat(config(Map.of("ITEMS", " a, ,b ,")).read(ITEMS)).containsExactly("a", "b");
    }

    @Test
    void reportsAllProblemsAtOnce() {
        Config config = config(Map.of("SIZE", "abc", "FLAG", "maybe", "TIME", "soon"));
        config.read(SIZE);
        config.read(FLAG);
        config.read(TIME);
        assertThatThrownBy(config::throwIfBroken)
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage("""
                        Gatehouse cannot start, its configuration has 3 problems:
                          - SIZE is 'abc' (test); expected a whole number from 1 to 1000
                          - FLAG is 'maybe' (test); expected True or False (or 1/0, yes/no)
                          - TIME is 'soon' (test); expected a time such as 500ms, 30s, 15m, 12h or 30d""");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1001", "99999999999999999999", "1.5", "-1"})
    void rejectsNumbersOutOfBounds(String text) {
        Config config = config(Map.of("SIZE", text));
        config.read(SIZE);
        assertThatThrownBy(config::throwIfBroken).hasMessageContaining("SIZE is '" + text + "'");
    }

    @Test
    void neverShowsASecret() {
        Config config = config(Map.of("WORD", "swordfish"));
        assertThat(config.read(WORD)).hasToString("***");
        config.problem(WORD, "something else");
        assertThatThrownBy(config::throwIfBroken)
                .hasMessageContaining("WORD is '***'")
                .hasMessageNotContaining("swordfish");
    }

    @Test
    void neverShowsASecretThatIsSetInsteadOfAPath() {
        for (String text : List.of("swordfish", "swordfish/with/slashes=")) {
            Config config = config(Map.of("WORD_FILE", text));
            config.read(WORD);
            assertThatThrownBy(config::throwIfBroken)
                    .hasMessageContaining("WORD_FILE is '***' (test); expected a readable text file")
                    .hasMessageNotContaining("swordfish");
        }
    }

    @Test
    void readsAValueFromAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("word"), "swordfish\n");
        assertThat(config(Map.of("WORD_FILE", file.toString())).read(WORD).reveal())
                .isEqualTo("swordfish");
    }

    @Test
    void reportsTheFileThatCannotBeRead() {
        Config config = config(Map.of("WORD_FILE", folder.resolve("missing").toString()));
        config.read(WORD);
        assertThatThrownBy(config::throwIfBroken)
                .hasMessageContaining("WORD_FILE is '")
                .hasMessageContaining("a readable text file");
    }

    @Test
    void warnsOfAFileThatIsIgnoredBecauseTheValueIsSet() {
        Config config = config(Map.of("WORD", "a", "WORD_FILE", "b"));
        assertThat(config.read(WORD).reveal()).isEqualTo("a");
        assertThat(config.warnings(List.of(WORD)))
                .containsExactly(new ConfigurationWarning(
                        ConfigurationWarning.Code.FILE_IGNORED, "WORD", "WORD is set, so WORD_FILE is not read"));
    }

    @Test
    void returnsTheFileOfASettingUnlessItIsSetByName() {
        assertThat(config(Map.of("WORD_FILE", "not/there")).file(WORD)).contains("not/there");
        assertThat(config(Map.of()).file(WORD)).isEmpty();
        Config both = config(Map.of("WORD", "a", "WORD_FILE", "b"));
        assertThat(both.file(WORD)).isEmpty();
        assertThat(both.warnings(List.of(WORD))).hasSize(1);
    }

    @Test
    void reportsProblemsWithTheirOwnMessages() {
        Config config = config(Map.of());
        config.problem(ProblemCode.RULES_INVALID, ITEMS, "items.txt", "the rules are incomplete");
        assertThatThrownBy(config::throwIfBroken).hasMessageEndingWith("a problem:\n  - the rules are incomplete");
    }

    @Test
    void everyProblemHasACodeASettingAndAPlace() {
        Config config = config(Map.of("SIZE", "abc", "WORD_FILE", "/nowhere/at/all"));
        config.read(SIZE);
        config.read(WORD);
        config.problem(ProblemCode.RULES_INVALID, ITEMS, "items.txt", "the rules are incomplete");
        assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(config::throwIfBroken)
                .satisfies(e -> assertThat(e.problems())
                        .extracting(
                                ConfigurationProblem::code, ConfigurationProblem::setting, ConfigurationProblem::place)
                        .containsExactly(
                                tuple(ProblemCode.INVALID_VALUE, "SIZE", "SIZE"),
                                tuple(ProblemCode.UNREADABLE_FILE, "WORD", "WORD_FILE"),
                                tuple(ProblemCode.RULES_INVALID, "ITEMS", "items.txt")));
    }

    @Test
    void rereadsAChangedFileAndKeepsTheLastValidValueIfItDisappears() throws IOException {
        Path file = Files.writeString(folder.resolve("word"), "one");
        Supplier<Secret> word = config(Map.of("WORD_FILE", file.toString())).rereading(WORD);
        assertThat(word.get().reveal()).isEqualTo("one");
        Files.writeString(file, "two");
        assertThat(word.get().reveal()).isEqualTo("two");
        Files.delete(file);
        assertThat(word.get().reveal()).isEqualTo("two");
    }

    @Test
    void suggestsTheMostSimilarNameForAnUnknownOne() {
        Setting<String> known = Setting.text("GATEHOUSE_KEYS", "", "");
        Config config = config(Map.of("GATEHOUSE_KEYES", "x", "OTHER_THING", "y", "GATEHOUSE_KEYS_FILE", "z"));
        assertThat(config.warnings(List.of(known, Setting.text("GATEHOUSE_COOKIE_NAME", "", ""))))
                .containsExactly(new ConfigurationWarning(
                        ConfigurationWarning.Code.UNKNOWN_SETTING,
                        "GATEHOUSE_KEYES",
                        "GATEHOUSE_KEYES (test) is not a setting of Gatehouse; did you mean GATEHOUSE_KEYS?"));
    }

    @Test
    void warnsOnceOfAnUnknownNameInSeveralSources() {
        Map<String, String> values = new HashMap<>(Map.of("GATEHOUSE_X", "1"));
        Config config = new Config(List.of(ConfigSource.of("a", values), ConfigSource.of("b", values)));
        assertThat(config.warnings(List.of())).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"kitten,sitting,3", "abc,abc,0", "'',abc,3"})
    void computesTheEditDistanceOfNames(String a, String b, int distance) {
        assertThat(SpellingSuggestions.distance(a, b)).isEqualTo(distance);
    }

    private static Config config(Map<String, String> values) {
        return new Config(List.of(ConfigSource.of("test", values)));
    }
}
