package io.gatehouse.internal.redis.connect;

import io.gatehouse.internal.redis.TopologySettings;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisClusterOperationException;
import redis.clients.jedis.providers.ClusterConnectionProvider;
import redis.clients.jedis.util.JedisClusterCRC16;

/** The masters of a cluster and the slots that each of them serves. */
final class ClusterNodes extends RedisNodes {
    private final Slots provider;

    ClusterNodes(Pools pools, TopologySettings.Cluster topology) {
        super(pools);
        this.provider = new Slots(forJedis(topology.nodes()), pools.config());
    }

    /** The slot table, which {@link HealthMonitor} refreshes. */
    private static final class Slots extends ClusterConnectionProvider {
        Slots(Set<HostAndPort> nodes, JedisClientConfig config) {
            super(nodes, config, new GenericObjectPoolConfig<>());
        }

        void assign(int slot, HostAndPort node) {
            cache.assignSlotToNode(slot, node);
        }
    }

    @Override
    public HostAndPort nodeFor(byte[] key) {
        int slot = JedisClusterCRC16.getSlot(key);
        HostAndPort node = provider.getNode(slot);
        if (node == null) {
            throw new JedisClusterOperationException("CLUSTERDOWN no known node serves slot " + slot);
        }
        return node;
    }

    @Override
    void moved(int slot, HostAndPort address) {
        provider.assign(slot, address);
    }

    @Override
    void refresh(@Nullable Connection connection) {
        provider.renewSlotCache(connection);
        Set<HostAndPort> known = new HashSet<>();
        provider.getNodes().keySet().forEach(node -> known.add(HostAndPort.from(node)));
        retainOnly(known);
    }

    @Override
    public Set<HostAndPort> masters() {
        return provider.getPrimaryNodes().keySet().stream()
                .map(HostAndPort::from)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    @Override
    HostAndPort representative() {
        return masters().stream()
                .findFirst()
                .orElseThrow(() -> new JedisClusterOperationException("CLUSTERDOWN no master is known"));
    }

    @Override
    public void close() {
        provider.close();
        super.close();
    }
}
