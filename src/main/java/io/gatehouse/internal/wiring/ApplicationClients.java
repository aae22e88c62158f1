package io.gatehouse.internal.wiring;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.client.ApplicationClient;
import io.gatehouse.internal.redis.connect.RedisConnections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import redis.clients.jedis.UnifiedJedis;

/** The Redis clients of the application, one for each purpose for which Gatehouse is connected. Immutable. */
final class ApplicationClients {
    private final Map<RedisPurpose, UnifiedJedis> clients = new EnumMap<>(RedisPurpose.class);

    /** @param redisPurposes the purposes for which the connections were opened */
    ApplicationClients(RedisConnections redis, Set<RedisPurpose> redisPurposes) {
        redisPurposes.forEach(redisPurpose ->
                clients.put(redisPurpose, ApplicationClient.of(redis.applicationCommands(redisPurpose))));
    }

    /**
     * Returns the client of a purpose.
     *
     * @throws IllegalStateException if Gatehouse is not connected for this purpose
     */
    UnifiedJedis of(RedisPurpose redisPurpose) {
        UnifiedJedis client = clients.get(redisPurpose);
        if (client == null) {
            throw new IllegalStateException(
                    "Gatehouse is not connected to Redis for " + redisPurpose.label()
                            + ", because the cache is disabled in this application; set GATEHOUSE_CACHE_ENABLED to True to use it");
        }
        return client;
    }
}
