package io.gatehouse.internal.login;

import java.util.Locale;

/** What can happen to attempts to log in, as it is counted. */
public enum LoginEvent {
    /** An attempt was let through. */
    ADMITTED,
    /** An attempt was refused because its account had too many failures. */
    LOCKED,
    /** An attempt was refused because attempts under way held all places of its account. */
    BUSY,
    /** An attempt was refused because of all the accounts that were tried from its address. */
    SPRAYING,
    /** An attempt was refused because Redis did not answer. */
    UNAVAILABLE,
    /** An attempt was judged without Redis. */
    WITHOUT_REDIS,
    /** An attempt failed. */
    FAILED,
    /** An attempt succeeded. */
    SUCCEEDED,
    /** An attempt was given back because nothing was decided about it. */
    ABANDONED,
    /** An attempt was given back before the application saw it. */
    WITHDRAWN,
    /** An outcome did not reach Redis; the attempt stays a failure. */
    UNSETTLED,
    /** An account turned out to be under attack from many networks. */
    UNDER_ATTACK;

    /** The name in metrics. */
    public String label() {
        return "login_" + name().toLowerCase(Locale.ROOT);
    }
}
