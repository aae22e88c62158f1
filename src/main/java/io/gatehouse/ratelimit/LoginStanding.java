package io.gatehouse.ratelimit;

import java.time.Duration;

/**
 * How an account stands, for administrators.
 *
 * @param failures failed log-ins of unknown browsers that count, those under way included
 * @param lockedFor how long unknown browsers are locked out; zero if they are not
 * @param networks from about how many networks it was attacked within a day
 * @param underAttack whether that is more than anybody's mistakes would explain
 */
public record LoginStanding(int failures, Duration lockedFor, long networks, boolean underAttack) {}
