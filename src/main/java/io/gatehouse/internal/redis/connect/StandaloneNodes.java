package io.gatehouse.internal.redis.connect;

import io.gatehouse.internal.redis.TopologySettings;
import redis.clients.jedis.HostAndPort;

/** The one node of a standalone server. */
final class StandaloneNodes extends RedisNodes {
    private final HostAndPort address;

    StandaloneNodes(Pools pools, TopologySettings.Standalone topology) {
        super(pools);
        this.address = topology.address().forJedis();
    }

    @Override
    public HostAndPort nodeFor(byte[] key) {
        return address;
    }

    @Override
    HostAndPort representative() {
        return address;
    }
}
