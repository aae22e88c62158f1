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

/** The nodes of one topology with their pools and breakers, made when first needed. */
final class Pools implements AutoCloseable {
    private final JedisClientConfig config;
    private final JedisClientConfig probeConfig;
    private final GenericObjectPoolConfig<Connection> settings;
    private final Map<HostAndPort, RedisNode> redisNodes = new ConcurrentHashMap<>();
    private final Map<HostAndPort, NodeSockets> nodeSockets = new ConcurrentHashMap<>();
    private final Map<HostAndPort, NodeSockets> probes = new ConcurrentHashMap<>();
    private volatile boolean cut;
    private volatile boolean closed;

    Pools(JedisClientConfig config, JedisClientConfig probeConfig, GenericObjectPoolConfig<Connection> settings) {
        this.config = config;
        this.probeConfig = probeConfig;
        this.settings = settings;
    }

    JedisClientConfig config() {
        return config;
    }

    /** A connection outside of the pools. */
    Connection connect(HostAndPort address) {
        return new Connection(sockets(address), config);
    }

    /** A connection for a look at the health of a node. */
    Connection probe(HostAndPort address) {
        return new Connection(sockets(address, probes, probeConfig), probeConfig);
    }

    private NodeSockets sockets(HostAndPort address) {
        return sockets(address, nodeSockets, config);
    }

    private NodeSockets sockets(
            HostAndPort address, Map<HostAndPort, NodeSockets> known, JedisClientConfig settingsOfThese) {
        NodeSockets made = known.computeIfAbsent(address, any -> new NodeSockets(address, settingsOfThese));
        if (cut) {
            made.close();
        }
        return made;
    }

    /** The node at an address if it is in use. */
    @Nullable
    RedisNode known(HostAndPort address) {
        return redisNodes.get(address);
    }

    /** @throws IllegalStateException after this was closed */
    RedisNode of(HostAndPort address) {
        RedisNode known = redisNodes.get(address);
        if (known == null && closed) {
            throw new IllegalStateException("the connections are closed");
        }
        return known != null
                ? known
                : redisNodes.computeIfAbsent(
                        address, any -> new RedisNode(address, sockets(address), config, settings));
    }

    List<RedisNode> all() {
        return List.copyOf(redisNodes.values());
    }

    /** Closes the pools of nodes that are not in use any more. */
    void retainOnly(Set<HostAndPort> addresses) {
        redisNodes.forEach((address, redisNode) -> {
            if (!addresses.contains(address) && redisNodes.remove(address, redisNode)) {
                redisNode.close();
            }
        });
    }

    /** Closes every socket, so that no thread waits for a node any more. */
    void cut() {
        cut = true;
        nodeSockets.values().forEach(NodeSockets::close);
        probes.values().forEach(NodeSockets::close);
    }

    @Override
    public void close() {
        closed = true;
        retainOnly(Set.of());
    }
}
