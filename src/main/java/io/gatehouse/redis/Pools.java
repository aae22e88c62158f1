package io.gatehouse.redis;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;

/** The nodes of one topology with their pools and breakers, made when first needed. */
final class Pools implements AutoCloseable {
    private final JedisClientConfig config;
    private final JedisClientConfig probeConfig;
    private final GenericObjectPoolConfig<Connection> settings;
    private final Map<HostAndPort, Node> nodes = new ConcurrentHashMap<>();

    Pools(JedisClientConfig config, JedisClientConfig probeConfig, GenericObjectPoolConfig<Connection> settings) {
        this.config = config;
        this.probeConfig = probeConfig;
        this.settings = settings;
    }

    JedisClientConfig config() {
        return config;
    }

    JedisClientConfig probeConfig() {
        return probeConfig;
    }

    Node of(HostAndPort address) {
        Node known = nodes.get(address);
        return known != null ? known : nodes.computeIfAbsent(address, any -> new Node(address, config, settings));
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

    @Override
    public void close() {
        retainOnly(Set.of());
    }
}
