package io.gatehouse.internal.diagnostics;

import java.util.Locale;

/** The groups of checks, in the order in which they run. */
public enum CheckGroup {
    CONFIGURATION,
    CONNECTIVITY,
    SESSIONS,
    LIMITS,
    CACHE,
    TIMINGS;

    /** Returns the name of the group in reports. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
