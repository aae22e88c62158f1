package io.gatehouse.internal.redis.connect;

import io.gatehouse.RedisUnavailableException;
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
 * One Redis node: its connection pool and its circuit breaker. Thread-safe.
 *
 * <p>When a connection breaks, all connections that were open at that moment belong to an old generation. They are not used
 * again, and if they break too, that does not count as another failure.
 */
final class RedisNode implements AutoCloseable {
    private final HostAndPort address;
    private final NodeSockets nodeSockets;
    private final JedisClientConfig config;
    private final LoginSource loginSource;
    private final ConnectionPool pool;
    private final AtomicInteger generation = new AtomicInteger();
    private final AtomicBoolean probing = new AtomicBoolean();
    private final NodeCircuitBreaker breaker;

    RedisNode(
            HostAndPort address,
            NodeSockets nodeSockets,
            JedisClientConfig config,
            GenericObjectPoolConfig<Connection> settings,
            LoginSource loginSource) {
        this.loginSource = loginSource;
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

    /**
     * Returns whether a connection can be used: no connection broke since it was opened, no unread bytes are waiting, and its
     * token has not expired.
     */
    boolean isFit(NodeConnection connection) {
        return connection.generation() == generation.get() && !connection.hasSurplus() && connection.isLoginUsable();
    }

    /** Discards all idle connections of a broken connection's generation. Only the first call of a generation has an effect. */
    void lost(NodeConnection connection) {
        if (generation.compareAndSet(connection.generation(), connection.generation() + 1)) {
            pool.clear();
        }
    }

    /** Returns whether the circuit breaker is open, so that requests must not use the node. */
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

    /** Closes the circuit breaker after a successful probe. */
    void resume() {
        breaker.close();
    }

    /** Starts a probe and returns true, unless another probe is running. The caller must call {@link #probed} at its end. */
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
     * Opens connections on threads of the {@link ConnectionBorrower} only. Otherwise commons-pool would connect on the thread
     * that returns a broken connection, which is the thread of a request.
     */
    private final class Factory implements PooledObjectFactory<Connection> {
        @Override
        public PooledObject<Connection> makeObject() {
            ConnectionBorrower.requireConnectingThread();
            int now = generation.get();
            return new DefaultPooledObject<>(
                    loginSource.connect(login -> new NodeConnection(nodeSockets, config, login, loginSource, now)));
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
                // it was unusable anyway
            }
        }
    }
}
