package io.gatehouse.internal.metrics;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.ServerInfo;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What each master of Redis reported about itself at the last background probe ({@code INFO}). A purpose that is down has no samples,
 * because its last report is outdated; neither has a server whose ACL forbids {@code INFO}. Thread-safe.
 */
final class RedisServerMetrics {
    private final Redis redis;
    private final Set<RedisPurpose> redisPurposes;

    RedisServerMetrics(Redis redis, Set<RedisPurpose> redisPurposes) {
        this.redis = redis;
        this.redisPurposes = redisPurposes;
    }

    void addTo(MetricsRegistry metricsRegistry) {
        add(metricsRegistry, MetricDefinition.REDIS_MEMORY, info -> (double) info.usedMemoryBytes());
        add(metricsRegistry, MetricDefinition.REDIS_MEMORY_LIMIT, info -> (double) info.maxMemoryBytes());
        add(metricsRegistry, MetricDefinition.REDIS_EVICTED, info -> (double) info.evictedKeys());
        add(metricsRegistry, MetricDefinition.REDIS_HITS, info -> (double) info.keyspaceHits());
        add(metricsRegistry, MetricDefinition.REDIS_MISSES, info -> (double) info.keyspaceMisses());
        add(metricsRegistry, MetricDefinition.REDIS_CLIENTS, info -> (double) info.connectedClients());
        add(metricsRegistry, MetricDefinition.REDIS_REJECTED, info -> (double) info.rejectedConnections());
        add(metricsRegistry, MetricDefinition.REDIS_REPLICAS, info -> (double) info.connectedReplicas());
        add(metricsRegistry, MetricDefinition.REDIS_REPLICA_LAG, RedisServerMetrics::lagSeconds);
    }

    private static @Nullable Double lagSeconds(ServerInfo info) {
        Duration lag = info.replicaLag();
        return lag == null ? null : lag.toMillis() / 1000.0;
    }

    /** @param value returns the value of a server, or null if it has none */
    private void add(
            MetricsRegistry metricsRegistry,
            MetricDefinition metricDefinition,
            Function<ServerInfo, @Nullable Double> value) {
        metricsRegistry.add(
                metricDefinition,
                samples -> redisPurposes.stream()
                        .filter(redisPurpose -> redis.health(redisPurpose).up())
                        .forEach(redisPurpose -> redis.serverInfo(redisPurpose).forEach(info -> {
                            Double number = value.apply(info);
                            if (number != null) {
                                samples.add(
                                        number,
                                        redisPurpose.label(),
                                        info.node().toString());
                            }
                        })));
    }
}
