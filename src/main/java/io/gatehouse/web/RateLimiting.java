package io.gatehouse.web;

import io.gatehouse.ratelimit.ClientAddresses;
import io.gatehouse.ratelimit.RateLimiter;

/**
 * How requests are limited at the gate.
 *
 * @param addresses tells where a request comes from
 * @param limiter decides about it
 * @param headers whether answers that are not refusals tell how the client stands
 */
public record RateLimiting(ClientAddresses addresses, RateLimiter limiter, boolean headers) {}
