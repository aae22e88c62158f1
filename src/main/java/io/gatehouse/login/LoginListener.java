package io.gatehouse.login;

import java.time.Duration;

/**
 * Is notified of attacks on accounts, for example to write an audit log. Accounts are keyed hashes: equal for equal accounts
 * until the signing key changes. Called by the thread of the request, so implementations must be thread-safe and fast; an
 * exception is logged and goes no further.
 *
 * <pre>{@code
 * guard.addListener(new LoginListener() {
 *     public void underAttack(String account) {
 *         audit.warn("account " + account + " is attacked from many networks");
 *     }
 * });
 * }</pre>
 */
public interface LoginListener {
    /** A listener that does nothing. */
    LoginListener NONE = new LoginListener() {};

    /** Called when an attempt is refused. */
    default void lockedOut(String account, LoginDecision.Denied refusal) {}

    /**
     * More accounts than allowed have failed from one address.
     *
     * @param address what the failures were counted by: an IPv4 address, or an IPv6 prefix
     * @param refusedFor how long the address is refused
     */
    default void spraying(String address, Duration refusedFor) {}

    /** Attempts at one account have failed, or were refused, from many networks. */
    default void underAttack(String account) {}
}
