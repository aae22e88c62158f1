package io.gatehouse.internal.diagnostics;

import java.util.Locale;

/** How bad a finding is, the worst last. */
public enum Severity {
    /** Good to know. */
    INFO,
    /** Works, and will hurt some day. */
    WARNING,
    /** Does not work, or is not safe. */
    ERROR;

    /** The name in answers and options. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
