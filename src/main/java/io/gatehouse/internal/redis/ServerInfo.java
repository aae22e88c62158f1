package io.gatehouse.internal.redis;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one server said about itself when the background probe last asked ({@code INFO}, {@code TIME}); it may be away by
 * now, see {@link RedisHealth}. Names no host. Immutable.
 *
 * @param version such as {@code 7.0.15}
 * @param role {@code master} or {@code replica}
 * @param connectedReplicas replicas that follow, at work or not
 * @param replicaLag how long ago the slowest of them last confirmed, in whole seconds; null without replicas that are at work
 * @param needsReplicas whether it refuses writes while replicas are missing ({@code min-replicas-to-write})
 * @param usedMemoryBytes of the data and all that is needed for it
 * @param maxMemoryBytes 0 for no limit
 * @param maxMemoryPolicy what it does at the limit, such as {@code noeviction}
 * @param evictedKeys since it started
 * @param rejectedConnections since it started, because there were too many
 * @param appendOnly whether every write goes to a file ({@code appendonly yes})
 * @param lastSaveOk whether the last snapshot and the last write to the file worked
 * @param lastSaveAt when the last snapshot was made, or the server started without one
 * @param changesSinceSave how many changes no snapshot has
 * @param loading whether it still reads its data from disk, and answers nothing else
 * @param uptime since it started
 * @param clockOffset by how much its clock is ahead of ours, negative if it is behind, uncertain by half a round trip; null if
 *     we may not ask
 * @param tls whether we talk to it over TLS
 * @param clusterState {@code ok} or {@code fail}; {@code unknown} if we may not ask, null if it is no cluster
 * @param seenAt when it said so
 */
public record ServerInfo(
        String version,
        String role,
        int connectedReplicas,
        @Nullable Duration replicaLag,
        boolean needsReplicas,
        long usedMemoryBytes,
        long maxMemoryBytes,
        String maxMemoryPolicy,
        long evictedKeys,
        long rejectedConnections,
        boolean appendOnly,
        boolean lastSaveOk,
        Instant lastSaveAt,
        long changesSinceSave,
        boolean loading,
        Duration uptime,
        @Nullable Duration clockOffset,
        boolean tls,
        @Nullable String clusterState,
        Instant seenAt) {}
