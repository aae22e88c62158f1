package io.gatehouse.login;

import java.time.Duration;

/**
 * A listener that Gatehouse notifies of attacks on accounts, for example to write an audit log. Accounts are keyed hashes: equal for
 * equal accounts until the signing key changes. The thread of the request calls the listener, so implementations must be thread-safe and
 * fast. Exceptions are logged and not propagated.
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
     * Called when logins to more accounts than allowed have failed from one address.
     *
     * @param address the address that the failures were counted by: an IPv4 address, or an IPv6 prefix
     * @param refusedFor how long the address is refused
     */
    default void spraying(String address, Duration refusedFor) {}

    /** Called when attempts at one account have failed, or were refused, from many networks. */
    default void underAttack(String account) {}
}
