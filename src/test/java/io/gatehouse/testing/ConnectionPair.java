package io.gatehouse.testing;

import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.RedisConnections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;

/** The connections of two nodes to one deployment, for one purpose. */
public record ConnectionPair(RedisConnections first, RedisConnections second) implements AutoCloseable {
    /** Connects both to the shared deployment of a topology. */
    public static ConnectionPair to(Topology topology, Purpose purpose) {
        RedisConnections first = connect(topology, purpose);
        try {
            return new ConnectionPair(first, connect(topology, purpose));
        } catch (RuntimeException | Error e) {
            first.close();
            throw e;
        }
    }

    private static RedisConnections connect(Topology topology, Purpose purpose) {
        Map<String, String> settings = new HashMap<>(topology.shared().settings());
        settings.put("GATEHOUSE_REDIS_DEADLINE", "10s"); // a busy machine must not look like a Redis that is down
        return Connections.with(settings, EnumSet.of(purpose));
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
