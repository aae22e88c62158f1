package io.gatehouse.internal.login;

import java.util.Locale;

/** An event in login protection, as metrics count it. */
public enum LoginEvent {
    /** An attempt was allowed. */
    ADMITTED,
    /** An attempt was refused because its account had too many failures. */
    LOCKED,
    /** An attempt was refused because attempts in progress held all places of its account. */
    BUSY,
    /** An attempt was refused because too many accounts were tried from its address. */
    SPRAYING,
    /** An attempt was refused because Redis did not answer. */
    UNAVAILABLE,
    /** An attempt was decided without Redis. */
    WITHOUT_REDIS,
    /** An attempt failed. */
    FAILED,
    /** An attempt succeeded. */
    SUCCEEDED,
    /** The application could not decide about an attempt. */
    ABANDONED,
    /** An attempt did not reach the application. */
    WITHDRAWN,
    /** An outcome did not reach Redis, so the attempt still counts as a failure. */
    UNSETTLED,
    /** An account came under attack from many networks. */
    UNDER_ATTACK;

    /** Returns the name in metrics. */
    public String label() {
        return "login_" + name().toLowerCase(Locale.ROOT);
    }
}
