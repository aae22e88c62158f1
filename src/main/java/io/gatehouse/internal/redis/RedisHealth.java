package io.gatehouse.internal.redis;

import io.gatehouse.RedisUnavailableException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the background probe last saw, and the state of our side of the connections.
 *
 * @param up whether work can be done
 * @param mode {@code standalone}, {@code sentinel} or {@code cluster}
 * @param role {@code master}, {@code replica} or {@code unknown}
 * @param latencyMicros how long the last successful PING took; 0 before the first
 * @param breaker {@code closed}, or {@code open} if that of any node is
 * @param fault why it is not up, or null
 * @param checkedAt when the probe last finished; {@link Instant#EPOCH} before the first
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
