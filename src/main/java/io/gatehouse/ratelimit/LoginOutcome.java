package io.gatehouse.ratelimit;

import java.util.Locale;

/** What became of an attempt that had passed. */
enum LoginOutcome {
    SUCCEEDED,
    FAILED,
    ABANDONED;

    /** The name that the script knows. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
