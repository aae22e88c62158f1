package io.gatehouse.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.rules.RuleFile.Content;
import io.gatehouse.internal.rules.RuleReader.Outcome;
import io.gatehouse.testing.LogCapture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests of rule files that change. */
class RuleSourceTest {
    private static final String ONE = "one.level = ip\none.limit = 1/s\n";
    private static final String TWO = "two.level = ip\ntwo.limit = 1/s\n";

    @TempDir
    Path folder;

    private Path file;
    private LogCapture log;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("limits"), ONE);
        log = new LogCapture("io.gatehouse.internal.rules");
    }

    @AfterEach
    void stop() {
        log.close();
    }

    @Test
    void appliesAFileOnceTwoPollsFindTheSameContent() throws IOException {
        RuleSource ruleSource = rules();
        Files.writeString(file, TWO);
        ruleSource.refresh();
        assertThat(name(ruleSource)).isEqualTo("one");
        ruleSource.refresh();
        assertThat(name(ruleSource)).isEqualTo("two");
        look(ruleSource);
        assertThat(log.lines())
                .containsExactly("INFO reloaded the rate limits from " + file + ": 1 rules, version "
                        + ruleSource.get().version());
    }

    @Test
    void detectsAChangeThatKeepsSizeAndTime() throws IOException {
        RuleSource ruleSource = rules();
        FileTime time = Files.getLastModifiedTime(file);
        Files.writeString(file, TWO);
        Files.setLastModifiedTime(file, time);
        look(ruleSource);
        assertThat(name(ruleSource)).isEqualTo("two");
    }

    @Test
    void neverAppliesAHalfWrittenFile() throws IOException {
        RuleSource ruleSource = rules();
        Files.writeString(file, TWO);
        ruleSource.refresh();
        Files.writeString(file, TWO + ONE);
        ruleSource.refresh();
        assertThat(name(ruleSource)).isEqualTo("one");
        ruleSource.refresh();
        assertThat(ruleSource.get().rules()).hasSize(2);
    }

    @Test
    void rejectsAnInvalidFileAsAWholeAndLogsItOnce() throws IOException {
        RuleSource ruleSource = rules();
        String before = ruleSource.get().version();
        Files.writeString(file, TWO + "three.limit = 5/fortnight\nfour\n");
        look(ruleSource);
        look(ruleSource);
        assertThat(name(ruleSource)).isEqualTo("one");
        assertThat(log.lines())
                .containsExactly("WARNING rejected the rate limits in " + file + ", version " + before
                        + " stays in force:\n"
                        + "  - line 3: three.limit is '5/fortnight'; expected a period in s, min, hour or day\n"
                        + "  - line 3: rule 'three' has no level\n"
                        + "  - line 4: 'four' has no '='; expected a name and a value such as login.limit = 5/min");
        Files.writeString(file, TWO);
        look(ruleSource);
        assertThat(name(ruleSource)).isEqualTo("two");
    }

    @Test
    void anEmptyRuleFileIsRefused() throws IOException {
        RuleSource ruleSource = rules();
        Files.writeString(file, "");
        look(ruleSource);
        assertThat(name(ruleSource)).isEqualTo("one");
        assertThat(log.lines())
                .singleElement()
                .asString()
                .startsWith("WARNING")
                .endsWith("set GATEHOUSE_RATE_LIMITS to none");
    }

    @Test
    void keepsTheRulesOfADeletedFileAndReadsItWhenItReturns() throws IOException {
        RuleSource ruleSource = rules();
        Files.delete(file);
        look(ruleSource);
        look(ruleSource);
        assertThat(name(ruleSource)).isEqualTo("one");
        assertThat(log.lines()).singleElement().asString().endsWith("stays in force:\n  - there is no such file");
        Files.writeString(file, TWO);
        look(ruleSource);
        assertThat(name(ruleSource)).isEqualTo("two");
    }

    @Test
    void ignoresAFileThatIsMissingForOnePoll() throws IOException {
        RuleSource ruleSource = rules();
        Files.delete(file);
        ruleSource.refresh();
        Files.writeString(file, ONE);
        look(ruleSource);
        assertThat(log.lines()).isEmpty();
    }

    /** Updates a ConfigMap as Kubernetes does: limits -> ..data/limits, ..data -> ..one, and ..data is replaced by a rename. */
    @Test
    void followsAChangedSymbolicLink() throws IOException {
        Files.delete(file);
        Files.writeString(Files.createDirectory(folder.resolve("..one")).resolve("limits"), ONE);
        Files.writeString(Files.createDirectory(folder.resolve("..two")).resolve("limits"), TWO);
        Path data = Files.createSymbolicLink(folder.resolve("..data"), Path.of("..one"));
        Files.createSymbolicLink(file, Path.of("..data/limits"));
        RuleSource ruleSource = rules();
        assertThat(name(ruleSource)).isEqualTo("one");
        Path next = Files.createSymbolicLink(folder.resolve("..next"), Path.of("..two"));
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        look(ruleSource);
        assertThat(name(ruleSource)).isEqualTo("two");
    }

    @Test
    void rejectsAFileThatIsTooLongBinaryOrMissing() throws IOException {
        RuleSource ruleSource = rules();
        Files.writeString(file, ONE + "#".repeat(RuleFile.LONGEST));
        look(ruleSource);
        Files.write(file, new byte[] {'#', (byte) 0xff});
        look(ruleSource);
        Files.delete(file);
        Files.createDirectory(file);
        look(ruleSource);
        assertThat(log.lines()).hasSize(3);
        assertThat(log.lines().get(0)).endsWith("it cannot be read: longer than 65536 bytes");
        assertThat(log.lines().get(1)).endsWith("it cannot be read: not UTF-8");
        assertThat(log.lines().get(2)).contains("it cannot be read: ");
        assertThat(name(ruleSource)).isEqualTo("one");
    }

    @Test
    void rulesWithoutAFileStayAsTheyAre() {
        RuleSource ruleSource = new RuleSource(RuleSet.NONE);
        look(ruleSource);
        assertThat(ruleSource.get()).isSameAs(RuleSet.NONE);
    }

    private RuleSource rules() {
        RuleFile rules = new RuleFile(file.toString(), (text, into) -> {});
        Content content = rules.load();
        return new RuleSource(rules, content, ((Outcome.Accepted) rules.parse(content)).rules());
    }

    private static void look(RuleSource ruleSource) {
        ruleSource.refresh();
        ruleSource.refresh();
    }

    private static String name(RuleSource ruleSource) {
        return ruleSource.get().rules().get(0).name();
    }
}
