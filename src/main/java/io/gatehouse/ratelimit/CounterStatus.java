package io.gatehouse.ratelimit;

import java.time.Duration;

/**
 * The status of one counter: what one rule has left for one client. Immutable.
 *
 * <pre>{@code
 * for (CounterStatus counter : rateLimiter.inspect("ip", "203.0.113.7")) {
 *     log.info(counter.rule() + ": " + counter.remaining() + " of " + counter.capacity());
 * }
 * }</pre>
 *
 * @param rule the name of the rule
 * @param counter the keyed hash that names the counter: equal for equal clients, and reveals nothing about them
 * @param capacity the number of tokens that may be used at once
 * @param remaining the number of tokens left
 * @param isExceeded whether there are too few tokens for the call
 * @param isEnforced whether the rule refuses calls; false in dry-run mode
 * @param retryAfter the time until there are enough tokens; zero if the counter is not exceeded
 * @param resetAfter the time until all tokens are available again
 */
public record CounterStatus(
        String rule,
        String counter,
        long capacity,
        long remaining,
        boolean isExceeded,
        boolean isEnforced,
        Duration retryAfter,
        Duration resetAfter) {}
