package io.gatehouse.internal.redis.connect;

import io.gatehouse.internal.redis.TopologySettings;
import java.time.Duration;
import java.util.Set;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.providers.SentineledConnectionProvider;
import redis.clients.jedis.util.Delay;

/** The master that the sentinels name. Jedis subscribes to their announcements of a new one. */
final class SentinelNodes extends RedisNodes {
    private static final Delay RESUBSCRIBE_DELAY = Delay.constant(Duration.ofSeconds(1));

    private final SentineledConnectionProvider provider;
    private volatile HostAndPort lastMaster;

    SentinelNodes(Pools pools, TopologySettings.Sentinel topology, JedisClientConfig sentinelConfig) {
        super(pools);
        this.provider = new SentineledConnectionProvider(
                topology.masterName(),
                pools.config(),
                new GenericObjectPoolConfig<>(),
                forJedis(topology.sentinels()),
                sentinelConfig,
                RESUBSCRIBE_DELAY);
        this.lastMaster = provider.getCurrentMaster();
    }

    @Override
    public HostAndPort nodeFor(byte[] key) {
        return representative();
    }

    @Override
    HostAndPort representative() {
        HostAndPort master = provider.getCurrentMaster();
        if (!master.equals(lastMaster)) {
            lastMaster = master;
            retainOnly(Set.of(master));
        }
        return master;
    }

    @Override
    public void close() {
        provider.close();
        super.close();
    }
}
