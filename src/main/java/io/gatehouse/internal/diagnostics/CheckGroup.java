package io.gatehouse.internal.diagnostics;

import java.util.Locale;

/** What a check is about, in the order in which they are made. */
public enum CheckGroup {
    CONFIGURATION,
    CONNECTIVITY,
    SESSIONS,
    LIMITS,
    CACHE,
    TIMINGS;

    /** The name in answers. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
