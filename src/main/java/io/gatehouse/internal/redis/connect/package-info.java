/** The connections to Redis: pools, circuit breakers, routing, retries, deadlines, channel subscriptions and health probes. */
@NullMarked
package io.gatehouse.internal.redis.connect;

import org.jspecify.annotations.NullMarked;
