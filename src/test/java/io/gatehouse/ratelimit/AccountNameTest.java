package io.gatehouse.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Cases;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which spellings are one account. */
class AccountNameTest {

    private static String fold(String typed) {
        return Arrays.toString(AccountName.fold(typed));
    }

    @Test
    void spellingsThatALookUpMightTakeForTheSameAreOne() {
        List<String> spellings = List.of(
                "alice",
                "ALICE",
                " alice\t",
                "álice",
                "a\u0301lice",
                "ａｌｉｃｅ",
                "al\u200Bice",
                "alice\u0000",
                "\uFEFFalice",
                "al\u00ADice",
                "ⓐlice",
                "alice\uFE0F",
                "\u0301alice");
        assertThat(spellings.stream().map(AccountNameTest::fold).distinct()).hasSize(1);
        assertThat(fold("straße")).isEqualTo(fold("STRASSE"));
        assertThat(fold("ΟΔΟΣ")).isEqualTo(fold("οδος")).isEqualTo(fold("οδοσ"));
        assertThat(fold("İ")).isEqualTo(fold("i"));
        assertThat(fold("\u212Aate")).isEqualTo(fold("kate"));
    }

    @Test
    void oddNamesNeverCollide() {
        String large = "x".repeat(1_000_000);
        List<String> names = List.of(
                "",
                "a b",
                "ab",
                "a.b",
                "a:b",
                "a}b",
                "a{b}",
                "a*",
                "a?",
                "[a]",
                "a\\*",
                "r",
                "r.r",
                "😀",
                "😁",
                "\uD83D",
                "\uDE00",
                "?",
                "\uFFFD",
                "a\nb",
                "app.alice",
                large,
                large + "y",
                large + "z",
                "x".repeat(1024),
                "x".repeat(1025));
        Set<String> folded = new HashSet<>();
        names.forEach(name -> assertThat(folded.add(fold(name)) || name.equals("a\nb"))
                .as(name.length() > 50 ? "a long one" : name)
                .isTrue());
    }

    @Test
    void aNameOfAMegabyteOfAccentsTakesNoTime() {
        for (String part : List.of("\u0301", "\u05B0\u05B4", "\uFDFA", "\u0345\u0301", "😀", "\uD83D")) {
            long start = System.nanoTime();
            AccountName.fold("a" + part.repeat(1_000_000 / part.length()));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).as(part).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void invisibleCharactersDoNotMakeALongNameAnotherOne() {
        assertThat(fold("alice" + "\u200B".repeat(5000))).isEqualTo(fold("alice"));
    }

    @Test
    void neverThrowsAndFoldsCaseAndBlanksOfAnyName() {
        Cases.seeded(3000, draws -> {
            String name = draws.text();
            assertThat(fold(" " + name + "\u3000")).isEqualTo(fold(name));
        });
    }
}
