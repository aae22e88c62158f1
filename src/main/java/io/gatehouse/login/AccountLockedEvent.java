package io.gatehouse.login;

import java.time.Duration;

/**
 * The CDI event that a login attempt was refused because its account is locked. Fired on the node that refused, in a background thread,
 * once for each account and lockout, and at most once a minute.
 *
 * <pre>{@code
 * void audit(@Observes AccountLockedEvent event) {
 *     log.warn("account " + event.account() + " is locked for " + event.lockedFor());
 * }
 * }</pre>
 *
 * @param account the keyed hash of the account, as a {@link LoginListener} gets it
 * @param lockedFor how long unknown browsers are locked out
 */
public record AccountLockedEvent(String account, Duration lockedFor) {}
