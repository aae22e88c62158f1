package io.gatehouse.login;

import java.time.Duration;

/**
 * The status of an account. Immutable.
 *
 * <pre>{@code
 * AccountStatus status = guard.inspect("alice");
 * if (!status.lockedFor().isZero()) {
 *     log.info("locked for unknown browsers for " + status.lockedFor());
 * }
 * }</pre>
 *
 * @param failures the number of failed attempts from unknown browsers that count, including attempts in progress
 * @param lockedFor how long unknown browsers are locked out; zero if they are not
 * @param networks the estimated number of networks that have attacked the account within a day
 * @param underAttack whether that is more networks than users' mistakes would explain
 */
public record AccountStatus(int failures, Duration lockedFor, long networks, boolean underAttack) {}
