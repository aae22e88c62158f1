package io.gatehouse.internal.login;

import java.util.Locale;

/** The outcome of an attempt that was allowed. */
enum LoginOutcome {
    SUCCEEDED,
    FAILED,
    /** The application could not decide. */
    ABANDONED,
    /** The attempt did not reach the application. */
    WITHDRAWN;

    /** Returns the name in the script. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
