package io.gatehouse.internal.diagnostics;

import java.util.Locale;

/** The severity of a finding, the most severe last. */
public enum Severity {
    /** Useful to know. */
    INFO,
    /** Works now, but is a risk. */
    WARNING,
    /** Does not work, or is insecure. */
    ERROR;

    /** Returns the name of the severity in reports and options. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
