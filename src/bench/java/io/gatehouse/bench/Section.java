package io.gatehouse.bench;

import java.util.Locale;

/**
 * A section of the report.
 *
 * @param text the text in Markdown
 * @param kept whether the budgets of countable quantities are kept; speed is reported and never fails the run
 */
record Section(String text, boolean kept) {
    static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    static String kept(boolean kept) {
        return kept ? "kept" : "NOT kept";
    }
}
