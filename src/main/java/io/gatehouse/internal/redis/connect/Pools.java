package io.gatehouse.internal.redis.connect;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;

/** The nodes of one topology with their pools and circuit breakers, created on first use. Thread-safe. */
final class Pools implements AutoCloseable {
    private final JedisClientConfig config;
    private final JedisClientConfig probeConfig;
    private final GenericObjectPoolConfig<Connection> settings;
    private final LoginSource loginSource;
    private final Map<HostAndPort, RedisNode> redisNodes = new ConcurrentHashMap<>();
    private final Map<HostAndPort, NodeSockets> nodeSockets = new ConcurrentHashMap<>();
    private final Map<HostAndPort, NodeSockets> probes = new ConcurrentHashMap<>();
    private volatile boolean disconnect;
    private volatile boolean closed;

    Pools(
            JedisClientConfig config,
            JedisClientConfig probeConfig,
            GenericObjectPoolConfig<Connection> settings,
            LoginSource loginSource) {
        this.loginSource = loginSource;
        this.config = config;
        this.probeConfig = probeConfig;
        this.settings = settings;
    }

    JedisClientConfig config() {
        return config;
    }

    /** Opens a connection outside of the pools. */
    OwnConnection connect(HostAndPort address) {
        return connect(sockets(address), config);
    }

    /** Opens a connection for a health probe. */
    Connection probe(HostAndPort address) {
        return connect(sockets(address, probes, probeConfig), probeConfig);
    }

    private OwnConnection connect(NodeSockets sockets, JedisClientConfig settingsOfThese) {
        return loginSource.connect(login -> new OwnConnection(sockets, settingsOfThese, login));
    }

    /** Returns whether a connection outside of the pools must be replaced, because its token will expire. */
    boolean mustReplace(OwnConnection connection) {
        return loginSource.mustReplace(connection.login());
    }

    private NodeSockets sockets(HostAndPort address) {
        return sockets(address, nodeSockets, config);
    }

    private NodeSockets sockets(
            HostAndPort address, Map<HostAndPort, NodeSockets> known, JedisClientConfig settingsOfThese) {
        NodeSockets made = known.computeIfAbsent(address, any -> new NodeSockets(address, settingsOfThese));
        if (disconnect) {
            made.close();
        }
        return made;
    }

    /** Returns the node at an address if it is in use, otherwise null. */
    @Nullable
    RedisNode known(HostAndPort address) {
        return redisNodes.get(address);
    }

    /**
     * Returns the node at an address, and creates it if it is not in use.
     *
     * @throws IllegalStateException if this is closed
     */
    RedisNode of(HostAndPort address) {
        RedisNode known = redisNodes.get(address);
        if (known == null && closed) {
            throw new IllegalStateException("the connections are closed");
        }
        return known != null
                ? known
                : redisNodes.computeIfAbsent(
                        address, any -> new RedisNode(address, sockets(address), config, settings, loginSource));
    }

    List<RedisNode> all() {
        return List.copyOf(redisNodes.values());
    }

    /** Closes the pools of all other nodes. */
    void retainOnly(Set<HostAndPort> addresses) {
        redisNodes.forEach((address, redisNode) -> {
            if (!addresses.contains(address) && redisNodes.remove(address, redisNode)) {
                redisNode.close();
            }
        });
    }

    /** Closes every socket, so that no thread still waits for a node. */
    void disconnect() {
        disconnect = true;
        nodeSockets.values().forEach(NodeSockets::close);
        probes.values().forEach(NodeSockets::close);
    }

    @Override
    public void close() {
        closed = true;
        retainOnly(Set.of());
    }
}
