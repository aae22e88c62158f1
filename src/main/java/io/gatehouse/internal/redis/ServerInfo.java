package io.gatehouse.internal.redis;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one server reported about itself at the last probe ({@code INFO}, {@code TIME}). It may be unavailable by now, see
 * {@link RedisHealth}. Immutable.
 *
 * @param node the address of the server, which only the metrics name
 * @param version such as {@code 7.0.15}
 * @param role {@code master} or {@code replica}
 * @param connectedReplicas the number of connected replicas, online or still synchronizing
 * @param replicaLag the time since the slowest online replica last acknowledged, in whole seconds; null if no replica is
 *     online
 * @param needsReplicas whether the server refuses writes while replicas are missing ({@code min-replicas-to-write})
 * @param usedMemoryBytes the memory that the server uses
 * @param maxMemoryBytes the memory limit, 0 for none
 * @param maxMemoryPolicy what the server does at the limit, such as {@code noeviction}
 * @param evictedKeys the number of keys evicted since the server started
 * @param keyspaceHits the number of lookups that found a key since the server started
 * @param keyspaceMisses the number of lookups that found none since the server started
 * @param connectedClients the number of client connections of all clients
 * @param rejectedConnections the number of connections refused since the server started because of the limit of clients
 * @param appendOnly whether every write is appended to a file ({@code appendonly yes})
 * @param lastSaveOk whether the last snapshot and the last write to the append-only file succeeded
 * @param lastSaveAt when the last snapshot was made, or the start of the server if there is none
 * @param changesSinceSave the number of changes since the last snapshot
 * @param loading whether the server is still loading its data and refuses commands
 * @param uptime the time since the server started
 * @param clockOffset the server's clock minus this node's clock, accurate to half a round trip; null if the ACL forbids
 *     {@code TIME}
 * @param tls whether the connection uses TLS
 * @param clusterState {@code ok} or {@code fail}; {@code unknown} if the ACL forbids {@code CLUSTER INFO}, null if Redis is
 *     no cluster
 * @param seenAt when the server reported this
 */
public record ServerInfo(
        HostPort node,
        String version,
        String role,
        int connectedReplicas,
        @Nullable Duration replicaLag,
        boolean needsReplicas,
        long usedMemoryBytes,
        long maxMemoryBytes,
        String maxMemoryPolicy,
        long evictedKeys,
        long keyspaceHits,
        long keyspaceMisses,
        long connectedClients,
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
