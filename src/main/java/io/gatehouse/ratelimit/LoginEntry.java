package io.gatehouse.ratelimit;

import java.time.Duration;
import java.util.Locale;

/** Whether an attempt to log in may be looked at. */
public sealed interface LoginEntry {

    /** It may. Until it is settled it counts as failed. */
    record Admitted(LoginAttempt attempt) implements LoginEntry {}

    /**
     * It may not, whatever the password is: nobody may even look at it.
     *
     * @param retryAfter how long to wait, if nothing else comes between
     */
    record LockedOut(Duration retryAfter, Reason reason) implements LoginEntry {}

    /** Why an attempt may not be looked at. */
    enum Reason {
        /** The account had too many failures. */
        LOCKED,
        /** Attempts under way hold all places of the account, and none became free in time. */
        BUSY,
        /** Too many accounts were tried from the address. */
        SPRAYING,
        /** Redis does not answer, and the configuration wants nobody to log in then. */
        UNAVAILABLE;

        /** The name in answers and metrics. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
