package io.gatehouse.ratelimit;

import java.nio.ByteBuffer;
import java.text.Normalizer;
import java.util.Locale;

/**
 * Makes one of all spellings of an account that a look-up in a database might take for the same: compatible forms (NFKD),
 * upper and lower case, Latin, Greek and Cyrillic accents, invisible and control characters, blanks at the ends. Two accounts
 * that share a count lose little; two counts for one account would be a way around every limit.
 */
final class AccountName {
    /** No account is longer. What is counts as it was typed, because decomposing it could take long. */
    static final int LONGEST = 1024;

    private AccountName() {}

    /** The bytes to hash, for anything that a client may have typed; the same only for names that are the same. */
    static byte[] fold(String typed) {
        String visible = visible(typed).strip();
        return bytes(visible.length() > LONGEST ? visible : folded(visible));
    }

    private static String folded(String text) {
        // up and down again, because a few letters have more than one lower case
        String once = lower(upper(visible(Normalizer.normalize(text, Normalizer.Form.NFKD))));
        return visible(Normalizer.normalize(once, Normalizer.Form.NFKD)).strip();
    }

    private static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT).replace('ς', 'σ'); // which of the two depends on where it stands
    }

    private static String visible(String text) {
        StringBuilder kept = new StringBuilder(text.length());
        text.codePoints().filter(AccountName::isVisible).forEach(kept::appendCodePoint);
        return kept.toString();
    }

    private static boolean isVisible(int c) {
        int type = Character.getType(c);
        boolean accent = c >= 0x300 && c <= 0x36F;
        boolean variation = (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
        return type != Character.FORMAT && type != Character.CONTROL && !accent && !variation;
    }

    /** Not as UTF-8, in which halves of pairs would all become a question mark. */
    private static byte[] bytes(String text) {
        ByteBuffer bytes = ByteBuffer.allocate(text.length() * Character.BYTES);
        bytes.asCharBuffer().put(text);
        return bytes.array();
    }
}
