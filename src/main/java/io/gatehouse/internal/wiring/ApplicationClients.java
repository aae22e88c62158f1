package io.gatehouse.internal.wiring;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.client.ApplicationClient;
import io.gatehouse.internal.redis.connect.RedisConnections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import redis.clients.jedis.UnifiedJedis;

/**
 * The Redis clients of the application, one for each purpose for which Gatehouse is connected. Each is made when it is first requested,
 * because most applications use none and Jedis loads hundreds of classes for it. Thread-safe.
 */
final class ApplicationClients {
    private final RedisConnections redis;
    private final Set<RedisPurpose> connected;
    private final Map<RedisPurpose, UnifiedJedis> clients = new ConcurrentHashMap<>();

    /** @param redisPurposes the purposes for which the connections were opened */
    ApplicationClients(RedisConnections redis, Set<RedisPurpose> redisPurposes) {
        this.redis = redis;
        this.connected = Set.copyOf(redisPurposes);
    }

    /**
     * Returns the client of a purpose.
     *
     * @throws IllegalStateException if Gatehouse is not connected for this purpose
     */
    UnifiedJedis of(RedisPurpose redisPurpose) {
        if (!connected.contains(redisPurpose)) {
            throw new IllegalStateException(
                    "Gatehouse is not connected to Redis for " + redisPurpose.label()
                            + ", because the cache is disabled in this application; set GATEHOUSE_CACHE_ENABLED to True to use it");
        }
        return clients.computeIfAbsent(
                redisPurpose, purpose -> ApplicationClient.of(redis.applicationCommands(purpose)));
    }
}
