package io.gatehouse.login;

import java.time.Duration;
import java.util.Locale;

/**
 * The decision whether a password may be checked.
 *
 * <pre>{@code
 * LoginDecision decision = Authentication.attempt(request, account);
 * if (decision instanceof LoginDecision.Denied denied) {
 *     response.setHeader("Retry-After", Long.toString(denied.retryAfter().toSeconds() + 1));
 *     response.sendError(429);
 *     return; // do not check the password
 * }
 * }</pre>
 */
public sealed interface LoginDecision {

    /**
     * The password may be checked.
     *
     * @param attempt the attempt, which counts as failed until it is completed
     */
    record Allowed(LoginAttempt attempt) implements LoginDecision {}

    /**
     * The password must not be checked, even if it may be right.
     *
     * @param retryAfter how long to wait, if no other attempt comes in between
     * @param reason the reason of the refusal
     */
    record Denied(Duration retryAfter, Reason reason) implements LoginDecision {}

    /** The reason of a refusal. */
    enum Reason {
        /** The account had too many failed attempts. */
        LOCKED,
        /** Concurrent attempts use up the account's allowance. */
        BUSY,
        /** Too many accounts were tried from the address. */
        SPRAYING,
        /** Redis is unavailable, and the configuration allows no login then. */
        UNAVAILABLE;

        /** Returns the name in lower case, as in responses and metrics. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
