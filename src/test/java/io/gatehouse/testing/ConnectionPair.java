package io.gatehouse.testing;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.connect.RedisConnections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;

/** The connections of two nodes to one deployment, for one purpose. */
public record ConnectionPair(RedisConnections first, RedisConnections second) implements AutoCloseable {
    /** Connects both to the shared deployment of a topology. */
    public static ConnectionPair to(Topology topology, RedisPurpose redisPurpose) {
        RedisConnections first = connect(topology, redisPurpose);
        try {
            return new ConnectionPair(first, connect(topology, redisPurpose));
        } catch (RuntimeException | Error e) {
            first.close();
            throw e;
        }
    }

    private static RedisConnections connect(Topology topology, RedisPurpose redisPurpose) {
        Map<String, String> settings = new HashMap<>(topology.shared().settings());
        settings.put(
                "GATEHOUSE_REDIS_DEADLINE",
                "10s"); // on a busy machine a short deadline would look like an unavailable Redis
        return Connections.with(settings, EnumSet.of(redisPurpose));
    }

    @Override
    public void close() {
        try {
            first.close();
        } finally {
            second.close();
        }
    }
}
