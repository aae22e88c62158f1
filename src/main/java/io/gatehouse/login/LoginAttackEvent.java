package io.gatehouse.login;

/**
 * The CDI event that an attack on logins has begun. Fired on the node that noticed, in a background thread, at most once a minute for
 * each account or address.
 *
 * <pre>{@code
 * void warn(@Observes LoginAttackEvent event) {
 *     pager.send(event.kind() + " " + event.target());
 * }
 * }</pre>
 *
 * @param kind the kind of the attack
 * @param target the keyed hash of the account, or the address: an IPv4 address or an IPv6 prefix
 */
public record LoginAttackEvent(Kind kind, String target) {

    /** The kind of an attack. */
    public enum Kind {
        /** Attempts at one account come from many networks; the target is the account. */
        ON_ACCOUNT,
        /** Logins to many accounts fail from one address; the target is the address. */
        FROM_ADDRESS
    }
}
