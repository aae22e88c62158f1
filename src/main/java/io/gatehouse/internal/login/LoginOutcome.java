package io.gatehouse.internal.login;

import java.util.Locale;

/** The outcome of an attempt that had passed. */
enum LoginOutcome {
    SUCCEEDED,
    FAILED,
    /** The application has seen it and could not decide. */
    ABANDONED,
    /** The application has not seen it. */
    WITHDRAWN;

    /** The name that the script knows. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
