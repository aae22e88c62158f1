package io.gatehouse.internal.health;

import io.gatehouse.internal.ops.JsonMember;
import io.gatehouse.internal.redis.RedisHealth;
import io.gatehouse.internal.redis.ServerInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The health of Redis, by purpose. Component names are those of the JSON.
 *
 * @param degraded whether any purpose is down
 * @param purposes by the label of the purpose
 */
public record RedisReport(
        String status,
        boolean degraded,
        @JsonMember(unwrapped = true) Map<String, PurposeReport> purposes) {

    /**
     * One purpose.
     *
     * @param fault why it is down, or null if it is up
     */
    public record PurposeReport(
            String status,
            @Nullable String fault,
            String mode,
            String role,
            double latencyMs,
            Pool pool,
            String breaker,
            Instant checkedAt,
            List<ServerReport> servers) {
        static PurposeReport of(RedisHealth health, List<ServerInfo> servers, boolean forAdmin) {
            return new PurposeReport(
                    HealthReport.status(health.up()),
                    health.fault() == null ? null : health.fault().label(),
                    health.mode(),
                    health.role(),
                    health.latencyMicros() / 1000.0,
                    new Pool(health.poolActive(), health.poolIdle(), health.poolWaiting(), health.poolSize()),
                    health.breaker(),
                    health.checkedAt(),
                    servers.stream()
                            .map(facts -> ServerReport.of(facts, forAdmin))
                            .toList());
        }
    }

    /** The connection pool of a purpose. */
    public record Pool(int active, int idle, int waiting, int size) {}

    /**
     * One server, by its own statistics.
     *
     * @param version null unless the caller is an administrator
     */
    public record ServerReport(
            @Nullable String version,
            String role,
            int replicas,
            @Nullable Long replicaLagSeconds,
            long usedMemoryBytes,
            long maxMemoryBytes,
            String maxMemoryPolicy,
            long evictedKeys,
            boolean appendOnly,
            boolean lastSaveOk,
            @Nullable String clusterState,
            boolean tls) {
        static ServerReport of(ServerInfo facts, boolean forAdmin) {
            return new ServerReport(
                    forAdmin ? facts.version() : null,
                    facts.role(),
                    facts.connectedReplicas(),
                    facts.replicaLag() == null ? null : facts.replicaLag().toSeconds(),
                    facts.usedMemoryBytes(),
                    facts.maxMemoryBytes(),
                    facts.maxMemoryPolicy(),
                    facts.evictedKeys(),
                    facts.appendOnly(),
                    facts.lastSaveOk(),
                    facts.clusterState(),
                    facts.tls());
        }
    }
}
