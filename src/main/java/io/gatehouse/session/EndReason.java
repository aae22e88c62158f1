package io.gatehouse.session;

import java.util.Locale;

/**
 * The reason why a session ended.
 *
 * <pre>{@code
 * void audit(@Observes SessionEndedEvent event) {
 *     if (event.reason() == EndReason.REUSED) {
 *         alarm("a stolen session of " + event.user());
 *     }
 * }
 * }</pre>
 */
public enum EndReason {
    /** The idle timeout passed without a request. */
    EXPIRED,
    /** The absolute timeout passed. */
    ABSOLUTE,
    /** The application invalidated the session. */
    LOGOUT,
    /** The session was terminated from outside: by an administrator, or by its user from another session. */
    ADMIN,
    /** The user had more sessions than allowed, and this one was evicted. */
    EVICTED,
    /** A token that a rotation had replaced was used again, which is a sign of theft. */
    REUSED,
    /** The OpenID provider logged the user out. */
    PROVIDER;

    /** Returns the name in lower case, as in events, metrics and logs. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
