package io.gatehouse.internal.redis.connect;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.NodeCircuitBreaker;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.PooledObjectFactory;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.Pool;

/**
 * One node of a server: the pool of connections to it and its circuit breaker. Safe for use by several threads.
 *
 * <p>Connections that were open when one of them broke are of an older generation. They are not used again, and when they
 * break too, that is the same fault.
 */
final class RedisNode implements AutoCloseable {
    private final HostAndPort address;
    private final NodeSockets nodeSockets;
    private final JedisClientConfig config;
    private final ConnectionPool pool;
    private final AtomicInteger generation = new AtomicInteger();
    private final AtomicBoolean probing = new AtomicBoolean();
    private final NodeCircuitBreaker breaker;

    RedisNode(
            HostAndPort address,
            NodeSockets nodeSockets,
            JedisClientConfig config,
            GenericObjectPoolConfig<Connection> settings) {
        this.address = address;
        this.nodeSockets = nodeSockets;
        this.config = config;
        this.breaker = new NodeCircuitBreaker(address.toString());
        this.pool = new ConnectionPool(new Factory(), settings);
    }

    HostAndPort address() {
        return address;
    }

    Pool<Connection> pool() {
        return pool;
    }

    int generation() {
        return generation.get();
    }

    /** Whether a connection can be used: it is not older than the last break, and no stray bytes wait in it. */
    boolean isFit(NodeConnection connection) {
        return connection.generation() == generation.get() && !connection.hasSurplus();
    }

    /** Discards the idle connections that are as dead as this one, once for all that broke together. */
    void lost(NodeConnection connection) {
        if (generation.compareAndSet(connection.generation(), connection.generation() + 1)) {
            pool.clear();
        }
    }

    /** Whether failures were so many that the node is not asked until a probe has succeeded. */
    boolean isSuspended() {
        return breaker.isOpen();
    }

    void succeeded() {
        breaker.succeeded();
    }

    void failed(RedisUnavailableException fault) {
        breaker.failed(fault);
    }

    void suspend() {
        breaker.open();
    }

    /** Lets requests use it at once, after a probe has succeeded. */
    void resume() {
        breaker.close();
    }

    /** Whether the caller is the one to probe now, until {@link #probed}. */
    boolean beginProbe() {
        return probing.compareAndSet(false, true);
    }

    void probed() {
        probing.set(false);
    }

    @Override
    public void close() {
        pool.close();
    }

    /**
     * Connects in the {@link ConnectionBorrower}'s threads only: commons-pool would else connect in the thread that returns a broken
     * connection, which is a request's.
     */
    private final class Factory implements PooledObjectFactory<Connection> {
        @Override
        public PooledObject<Connection> makeObject() {
            ConnectionBorrower.requireOurThread();
            return new DefaultPooledObject<>(new NodeConnection(nodeSockets, config, generation.get()));
        }

        @Override
        public void activateObject(PooledObject<Connection> pooled) {}

        @Override
        public void passivateObject(PooledObject<Connection> pooled) {}

        @Override
        public boolean validateObject(PooledObject<Connection> pooled) {
            return pooled.getObject() instanceof NodeConnection connection
                    && connection.isConnected()
                    && isFit(connection)
                    && connection.ping();
        }

        @Override
        public void destroyObject(PooledObject<Connection> pooled) {
            Connection connection = pooled.getObject();
            try {
                if (connection.isConnected()) {
                    connection.close();
                }
            } catch (JedisException e) {
                // it was of no use already
            }
        }
    }
}
