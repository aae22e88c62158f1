package io.gatehouse.internal.web;

import io.gatehouse.internal.clientaddress.ClientAddressResolver;
import io.gatehouse.internal.login.LoginEngine;
import io.gatehouse.internal.ratelimit.LimitEngine;
import java.time.Duration;

/**
 * The limits that the filter applies to requests.
 *
 * @param addresses determines the client address of a request
 * @param limiter decides about requests
 * @param headers whether responses to admitted requests have rate limit headers
 * @param guard decides about login attempts
 * @param deviceLifetime how long a browser stays known to an account
 * @param cors the origins that may read responses to refused requests
 */
public record RateLimitConfig(
        ClientAddressResolver addresses,
        LimitEngine limiter,
        boolean headers,
        LoginEngine guard,
        Duration deviceLifetime,
        CorsPolicy cors) {}
