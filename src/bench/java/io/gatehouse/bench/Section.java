package io.gatehouse.bench;

import java.util.Locale;

/**
 * A part of the report.
 *
 * @param text Markdown
 * @param kept whether the budgets that can be counted are kept; speed is told and never judged
 */
record Section(String text, boolean kept) {
    static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    static String kept(boolean kept) {
        return kept ? "kept" : "NOT kept";
    }
}
