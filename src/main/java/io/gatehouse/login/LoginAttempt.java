package io.gatehouse.login;

import org.jspecify.annotations.Nullable;

/**
 * A login attempt that was allowed and has to be completed. The first of {@link #succeeded}, {@link #failed} and {@link
 * #abandoned} counts, later calls do nothing; an attempt that is never completed counts as failed. No method throws because
 * Redis is unavailable. Each costs one round trip. Thread-safe.
 *
 * <pre>{@code
 * if (guard.begin(account, address, deviceCookie) instanceof LoginDecision.Allowed allowed) {
 *     if (passwords.match(account, password)) {
 *         String cookie = allowed.attempt().succeeded();
 *     } else {
 *         allowed.attempt().failed();
 *     }
 * }
 * }</pre>
 */
public interface LoginAttempt {

    /**
     * Records that the password was right. Forgets the failures of this account from this address, as far as they were typed with
     * the same spelling.
     *
     * @return the value of the device cookie to set, or null if no cookie is to be set
     */
    @Nullable
    String succeeded();

    /** Records that the password was wrong, or that there is no such account. */
    void failed();

    /**
     * Records that the application could not decide, for example because its user database does not answer. The attempt does not
     * count, but of one account only 20 attempts in ten minutes can be abandoned; further ones count as failed.
     */
    void abandoned();
}
