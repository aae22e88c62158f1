package io.gatehouse.ratelimit;

import java.time.Duration;

/**
 * A listener for attacks on logins, such as an audit log. Accounts are keyed hashes, equal for the same account until the signing
 * key changes. Called in the thread of the request; exceptions that it throws are logged and ignored.
 */
public interface LoginObserver {
    /** A listener that ignores everything. */
    LoginObserver NONE = new LoginObserver() {};

    /** Called when an attempt is refused. */
    default void lockedOut(String account, LoginEntry.LockedOut refusal) {}

    /** Called when more accounts than allowed have failed from one address. */
    default void spraying(String address, Duration refusedFor) {}

    /** Called when logins to one account have failed or been refused from many networks. */
    default void underAttack(String account) {}
}
