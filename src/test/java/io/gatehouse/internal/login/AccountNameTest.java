package io.gatehouse.internal.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Cases;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests of account name folding. */
class AccountNameTest {

    private static String fold(String typed) {
        return Arrays.toString(AccountName.fold(typed));
    }

    @Test
    void spellingsThatADatabaseMightTreatAsEqualFoldToOneName() {
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
    void aNameOfAMegabyteOfAccentsIsFoldedQuickly() {
        for (String part : List.of("\u0301", "\u05B0\u05B4", "\uFDFA", "\u0345\u0301", "😀", "\uD83D")) {
            long start = System.nanoTime();
            AccountName.fold("a" + part.repeat(1_000_000 / part.length()));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).as(part).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void invisibleCharactersDoNotChangeALongName() {
        assertThat(fold("alice" + "\u200B".repeat(5000))).isEqualTo(fold("alice"));
    }

    @Test
    void neverThrowsAndFoldsCaseAndBlanksOfAnyName() {
        Cases.seeded(3000, draws -> {
            String name = draws.text();
            assertThat(fold(" " + name + "\u3000")).isEqualTo(fold(name));
        });
    }

    /** Every non-spacing and enclosing mark, and what Unicode 13 has under Default_Ignorable_Code_Point. */
    private static int[] nothings() {
        IntStream marks = IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                .filter(c -> Character.getType(c) == Character.NON_SPACING_MARK
                        || Character.getType(c) == Character.ENCLOSING_MARK);
        IntStream single = IntStream.of(0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0);
        IntStream ranges = Stream.of(
                        IntStream.rangeClosed(0x180B, 0x180E),
                        IntStream.rangeClosed(0x200B, 0x200F),
                        IntStream.rangeClosed(0x202A, 0x202E),
                        IntStream.rangeClosed(0x2060, 0x206F),
                        IntStream.rangeClosed(0xFE00, 0xFE0F),
                        IntStream.rangeClosed(0xFFF0, 0xFFF8),
                        IntStream.rangeClosed(0x1BCA0, 0x1BCA3),
                        IntStream.rangeClosed(0x1D173, 0x1D17A),
                        IntStream.rangeClosed(0xE0000, 0xE0FFF))
                .flatMapToInt(range -> range);
        return IntStream.concat(marks, IntStream.concat(single, ranges)).toArray();
    }

    @Test
    void marksAndDefaultIgnorableCharactersAreIgnored() {
        String name = "alice";
        int at = 0;
        for (int nothing : nothings()) {
            at = (at + 1) % (name.length() + 1);
            String with = name.substring(0, at) + Character.toString(nothing) + name.substring(at);
            assertThat(fold(with)).as("U+%04X", nothing).isEqualTo(fold(name));
            assertThat(AccountName.exact(with)).as("U+%04X", nothing).isNotEqualTo(AccountName.exact(name));
        }
    }

    @Test
    void foldingIsIdempotent() {
        Cases.seeded(2000, draws -> {
            String name = draws.text();
            if (StandardCharsets.UTF_16BE.newEncoder().canEncode(name)) {
                String once = new String(AccountName.fold(name), StandardCharsets.UTF_16BE);
                assertThat(fold(once)).isEqualTo(fold(name));
            }
        });
    }
}
