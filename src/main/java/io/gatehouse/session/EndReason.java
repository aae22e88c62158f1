package io.gatehouse.session;

import java.util.Arrays;
import java.util.Locale;

/** Why a session ended. The names are part of events, metrics and logs. */
public enum EndReason {
    /** Nobody used it for as long as its idle time-out. */
    EXPIRED,
    /** Its absolute time-out passed, however much it was used. */
    ABSOLUTE,
    /** The application invalidated it. */
    LOGOUT,
    /** Somebody ended it from outside: an administrator, or its user from another session. */
    ADMIN,
    /** Its user had more sessions than allowed, and it was the one to go. */
    EVICTED,
    /** A token that a rotation had replaced was used once more, which is a sign of theft. */
    REUSED;

    /** The name in events, metrics and logs. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The reason with a label; a claim that somebody has tampered with counts as the work of an administrator. */
    static EndReason of(String label) {
        return Arrays.stream(values())
                .filter(reason -> reason.label().equals(label))
                .findFirst()
                .orElse(ADMIN);
    }
}
