package io.gatehouse.web;

import io.gatehouse.ratelimit.ClientAddresses;
import io.gatehouse.ratelimit.LoginGuard;
import io.gatehouse.ratelimit.RateLimiter;
import java.time.Duration;

/**
 * How requests are limited at the gate.
 *
 * @param addresses tells where a request comes from
 * @param limiter decides about it
 * @param headers whether answers that are not refusals tell how the client stands
 * @param guard decides about attempts to log in
 * @param deviceLifetime how long a browser stays known to an account
 * @param cors which origins may read the answers to refused requests
 */
public record RateLimitConfig(
        ClientAddresses addresses,
        RateLimiter limiter,
        boolean headers,
        LoginGuard guard,
        Duration deviceLifetime,
        CorsPolicy cors) {}
