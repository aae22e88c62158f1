package io.gatehouse.ratelimit;

import java.time.Duration;

/**
 * What wants to know of attacks on log-ins, such as an audit log. Accounts come as keyed hashes, the same for the same account
 * until the signing key changes. Called in the thread of the request; what it throws is logged and goes no further.
 */
public interface LoginObserver {
    /** Wants to know nothing. */
    LoginObserver NONE = new LoginObserver() {};

    /** An attempt was refused. */
    default void lockedOut(String account, LoginEntry.LockedOut refusal) {}

    /** More accounts than allowed have now failed from one address. */
    default void spraying(ClientAddress address, Duration refusedFor) {}

    /** Log-ins to one account have now failed or been refused from many networks. */
    default void underAttack(String account) {}
}
