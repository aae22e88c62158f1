package io.gatehouse.redis;

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
    private final Map<HostAndPort, Node> nodes = new ConcurrentHashMap<>();
    private final Map<HostAndPort, Sockets> sockets = new ConcurrentHashMap<>();
    private final Map<HostAndPort, Sockets> probes = new ConcurrentHashMap<>();
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

    private Sockets sockets(HostAndPort address) {
        return sockets(address, sockets, config);
    }

    private Sockets sockets(HostAndPort address, Map<HostAndPort, Sockets> known, JedisClientConfig settingsOfThese) {
        Sockets made = known.computeIfAbsent(address, any -> new Sockets(address, settingsOfThese));
        if (cut) {
            made.close();
        }
        return made;
    }

    /** The node at an address if it is in use. */
    @Nullable
    Node known(HostAndPort address) {
        return nodes.get(address);
    }

    /** @throws IllegalStateException after this was closed */
    Node of(HostAndPort address) {
        Node known = nodes.get(address);
        if (known == null && closed) {
            throw new IllegalStateException("the connections are closed");
        }
        return known != null
                ? known
                : nodes.computeIfAbsent(address, any -> new Node(address, sockets(address), config, settings));
    }

    List<Node> all() {
        return List.copyOf(nodes.values());
    }

    /** Closes the pools of nodes that are not in use any more. */
    void retainOnly(Set<HostAndPort> addresses) {
        nodes.forEach((address, node) -> {
            if (!addresses.contains(address) && nodes.remove(address, node)) {
                node.close();
            }
        });
    }

    /** Closes every socket, so that no thread waits for a node any more. */
    void cut() {
        cut = true;
        sockets.values().forEach(Sockets::close);
        probes.values().forEach(Sockets::close);
    }

    @Override
    public void close() {
        closed = true;
        retainOnly(Set.of());
    }
}
