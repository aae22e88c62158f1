package io.gatehouse.redis;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.PooledObjectFactory;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionFactory;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.util.Pool;

/**
 * The pools of one topology, one for each node, made when first needed. They connect in the {@link Connector}'s threads only:
 * commons-pool would else connect in the thread that returns a broken connection, which is a request's.
 */
final class Pools implements AutoCloseable {
    private final JedisClientConfig config;
    private final GenericObjectPoolConfig<Connection> settings;
    private final Map<HostAndPort, ConnectionPool> pools = new ConcurrentHashMap<>();

    Pools(JedisClientConfig config, GenericObjectPoolConfig<Connection> settings) {
        this.config = config;
        this.settings = settings;
    }

    JedisClientConfig config() {
        return config;
    }

    Pool<Connection> of(HostAndPort node) {
        return pools.computeIfAbsent(node, any -> new ConnectionPool(new CarefulFactory(node, config), settings));
    }

    List<Pool<Connection>> all() {
        return List.copyOf(pools.values());
    }

    /** Lets go of nodes that are not in use any more. */
    void retainOnly(Set<HostAndPort> nodes) {
        pools.forEach((node, pool) -> {
            if (!nodes.contains(node) && pools.remove(node, pool)) {
                pool.close();
            }
        });
    }

    @Override
    public void close() {
        retainOnly(Set.of());
    }

    private static final class CarefulFactory implements PooledObjectFactory<Connection> {
        private final ConnectionFactory factory;

        CarefulFactory(HostAndPort node, JedisClientConfig config) {
            this.factory = new ConnectionFactory(node, config);
        }

        @Override
        public PooledObject<Connection> makeObject() throws Exception {
            Connector.requireOurThread();
            return factory.makeObject();
        }

        @Override
        public void activateObject(PooledObject<Connection> pooled) throws Exception {
            factory.activateObject(pooled);
        }

        @Override
        public void passivateObject(PooledObject<Connection> pooled) throws Exception {
            factory.passivateObject(pooled);
        }

        @Override
        public boolean validateObject(PooledObject<Connection> pooled) {
            return factory.validateObject(pooled);
        }

        @Override
        public void destroyObject(PooledObject<Connection> pooled) throws Exception {
            factory.destroyObject(pooled);
        }
    }
}
