package io.gatehouse.login;

import org.jspecify.annotations.Nullable;

/**
 * Protects accounts against password guessing and credential stuffing. Failed attempts lock an account for unknown browsers
 * only, so that an attacker cannot lock out its user; an address from which many accounts fail is refused. Thread-safe.
 *
 * <pre>{@code
 * @Inject
 * LoginGuard guard;
 *
 * AccountStatus status = guard.inspect("alice");
 * if (status.underAttack()) {
 *     requireSecondFactor("alice");
 * }
 * guard.reset("alice"); // after the user has proven the identity in another way
 * }</pre>
 *
 * <p>Within a request, {@code Authentication.attempt} is simpler: it knows the address and the device cookie, and completes the
 * attempt at the end of the request.
 */
public interface LoginGuard {

    /**
     * Starts a login attempt. Until the attempt is completed it counts as failed. Waits for a while if concurrent attempts use up
     * the account's allowance. One round trip. Never throws because Redis is unavailable; the configuration says whether the
     * attempt is allowed then.
     *
     * @param account the account as the client typed it
     * @param address the client address, or null if unknown
     * @param deviceCookie the value of the device cookie that the client sent, or null
     * @throws IllegalArgumentException if the text is not an address
     */
    LoginDecision begin(String account, @Nullable String address, @Nullable String deviceCookie);

    /**
     * Returns the status of an account. One round trip.
     *
     * @throws io.gatehouse.RedisUnavailableException if Redis does not answer in time
     */
    AccountStatus inspect(String account);

    /**
     * Forgets the failed attempts at an account. One round trip.
     *
     * @return the number of failed attempts from unknown browsers
     * @throws io.gatehouse.RedisUnavailableException if Redis does not answer in time
     */
    long reset(String account);

    /** Adds a listener that this node notifies of attacks from now on. */
    void addListener(LoginListener listener);
}
