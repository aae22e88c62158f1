package io.gatehouse.internal.redis;

import io.gatehouse.RedisUnavailableException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The state of one server as the last probe found it, and of the connections to it. Immutable.
 *
 * @param up whether the server can be used
 * @param mode {@code standalone}, {@code sentinel} or {@code cluster}
 * @param role {@code master}, {@code replica} or {@code unknown}
 * @param latencyMicros how long the last successful PING took; 0 before the first
 * @param breaker {@code open} if the circuit breaker of any node is open, otherwise {@code closed}
 * @param fault why the server is not up, or null
 * @param checkedAt when the last probe ended; {@link Instant#EPOCH} before the first
 */
public record RedisHealth(
        boolean up,
        String mode,
        String role,
        long latencyMicros,
        int poolActive,
        int poolIdle,
        int poolWaiting,
        int poolSize,
        String breaker,
        RedisUnavailableException.@Nullable Reason fault,
        Instant checkedAt) {}
