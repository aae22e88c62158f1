package io.gatehouse.internal.login;

import java.nio.ByteBuffer;
import java.text.Normalizer;
import java.util.Locale;

/**
 * An account name as a client typed it, in the two forms that are hashed. The exact form keeps every character. The folded form is equal
 * for all spellings that a database lookup might treat as equal. It ignores compatibility variants (NFKD), case, non-spacing and enclosing
 * marks, default-ignorable and control characters, and blanks at the ends; MySQL's {@code utf8mb4_0900_ai_ci}, for example, ignores marks
 * and default-ignorable characters. The folding is deliberately coarse: two accounts that share a counter lose little, but two counters
 * for one account would bypass every limit. Immutable.
 */
final class AccountName {
    /** Longer names are not folded, because decomposing them could take long. */
    static final int LONGEST = 1024;

    private final byte[] exact;
    private final byte[] folded;

    private AccountName(byte[] exact, byte[] folded) {
        this.exact = exact;
        this.folded = folded;
    }

    static AccountName of(String typed) {
        return new AccountName(exact(typed), fold(typed));
    }

    byte[] exact() {
        return exact.clone();
    }

    byte[] folded() {
        return folded.clone();
    }

    /** Returns the bytes to hash, equal for all spellings of a name. */
    static byte[] fold(String typed) {
        String visible = visible(typed).strip();
        return bytes(visible.length() > LONGEST ? visible : folded(visible));
    }

    private static String folded(String text) {
        // lower, upper and lower case again, because a few letters, such as the sharp s, have several case mappings
        String once = lower(upper(lower(visible(Normalizer.normalize(text, Normalizer.Form.NFKD)))));
        return visible(Normalizer.normalize(once, Normalizer.Form.NFKD)).strip();
    }

    private static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT).replace('ς', 'σ'); // the final form depends on the position in the word
    }

    private static String visible(String text) {
        StringBuilder kept = new StringBuilder(text.length());
        text.codePoints().filter(AccountName::isVisible).forEach(kept::appendCodePoint);
        return kept.toString();
    }

    private static boolean isVisible(int c) {
        int type = Character.getType(c);
        boolean mark = type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK;
        return type != Character.FORMAT && type != Character.CONTROL && !mark && !isDefaultIgnorable(c);
    }

    /** The property Default_Ignorable_Code_Point (Unicode, DerivedCoreProperties.txt) of characters that are neither marks nor format. */
    private static boolean isDefaultIgnorable(int c) {
        return (c >= 0x115F && c <= 0x1160) // Hangul fillers
                || c == 0x3164
                || c == 0xFFA0
                || (c >= 0x2060 && c <= 0x206F)
                || (c >= 0xFFF0 && c <= 0xFFF8)
                || (c >= 0xE0000 && c <= 0xE0FFF);
    }

    /** Returns the bytes to hash for a name exactly as a client typed it. */
    static byte[] exact(String typed) {
        return bytes(typed);
    }

    /** Encodes two bytes for each character, because UTF-8 encodes every unpaired surrogate as a question mark. */
    private static byte[] bytes(String text) {
        ByteBuffer bytes = ByteBuffer.allocate(text.length() * Character.BYTES);
        bytes.asCharBuffer().put(text);
        return bytes.array();
    }
}
