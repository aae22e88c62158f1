package io.gatehouse.internal.redis.connect;

import io.gatehouse.internal.config.Secret;
import io.gatehouse.internal.redis.HostPort;
import io.gatehouse.internal.redis.RedisEndpoint;
import io.gatehouse.internal.redis.RedisSettings;
import io.gatehouse.internal.redis.TopologySettings;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.DefaultRedisCredentials;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisCredentials;
import redis.clients.jedis.exceptions.JedisClusterOperationException;
import redis.clients.jedis.providers.ClusterConnectionProvider;
import redis.clients.jedis.providers.SentineledConnectionProvider;
import redis.clients.jedis.util.Delay;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * Which node has what in one topology, and the connections to it. Who is master and which slots are where is learned by the
 * connection providers of Jedis' {@code RedisSentinelClient} and {@code RedisClusterClient}; the pools are ours. Opening may
 * fail while the servers are away.
 */
public abstract class RedisNodes implements AutoCloseable {
    private static final Duration LONGEST_PROBE = Duration.ofSeconds(1);

    private final Pools pools;

    private RedisNodes(Pools pools) {
        this.pools = pools;
    }

    public abstract HostAndPort nodeFor(byte[] key);

    /**
     * Reads again which node holds what, where that can change.
     *
     * @param connection to a node that answers, or null to try all that are known
     */
    void refresh(@Nullable Connection connection) {}

    /** Notes where a slot is now, as a node has said. */
    void moved(int slot, HostAndPort address) {}

    /** A node whose health stands for all. */
    abstract HostAndPort representative();

    /** Every node that takes writes, as far as is known now. */
    public Set<HostAndPort> masters() {
        return Set.of(representative());
    }

    /** One of the masters by chance, so that not all of us ask the same. */
    HostAndPort anyMaster() {
        List<HostAndPort> masters = List.copyOf(masters());
        return masters.isEmpty()
                ? representative()
                : masters.get(ThreadLocalRandom.current().nextInt(masters.size()));
    }

    RedisNode node(HostAndPort address) {
        return pools.of(address);
    }

    /** A node if it is still in use. */
    @Nullable
    RedisNode known(HostAndPort address) {
        return pools.known(address);
    }

    /** Every node that was in use. */
    List<RedisNode> used() {
        return pools.all();
    }

    /** Closes the pools of nodes that are not in use any more. */
    void retainOnly(Set<HostAndPort> nodes) {
        pools.retainOnly(nodes);
    }

    /** A connection outside of the pools to a certain node. */
    public Connection connect(HostAndPort address) {
        return pools.connect(address);
    }

    /** Such a connection for a look at the node's health: it is tried often, so each try is short. */
    Connection probe(HostAndPort address) {
        return pools.probe(address);
    }

    /** Closes them and ends what waits for any of them, also in a thread that an interrupt does not reach. */
    void end() {
        close();
        pools.cut();
    }

    @Override
    public void close() {
        pools.close();
    }

    public static RedisNodes open(RedisEndpoint redisEndpoint, RedisSettings settings, int poolSize) {
        Duration timeout = settings.connectionTimeout();
        Duration shorter = timeout.compareTo(LONGEST_PROBE) < 0 ? timeout : LONGEST_PROBE;
        Pools pools = new Pools(
                clientConfig(redisEndpoint, settings, timeout),
                clientConfig(redisEndpoint, settings, shorter),
                poolConfig(settings, poolSize));
        TopologySettings topologySettings = redisEndpoint.topology();
        if (topologySettings instanceof TopologySettings.Cluster cluster) {
            return new Cluster(pools, cluster);
        }
        if (topologySettings instanceof TopologySettings.Sentinel sentinel) {
            return new Sentinel(
                    pools,
                    sentinel,
                    clientConfig(
                            redisEndpoint, settings, timeout, settings.sentinelUser(), settings.sentinelPassword(), 0));
        }
        return new Standalone(pools, (TopologySettings.Standalone) topologySettings);
    }

    private static JedisClientConfig clientConfig(
            RedisEndpoint redisEndpoint, RedisSettings settings, Duration timeout) {
        return clientConfig(
                redisEndpoint,
                settings,
                timeout,
                redisEndpoint.user(),
                redisEndpoint.password(),
                redisEndpoint.database());
    }

    private static JedisClientConfig clientConfig(
            RedisEndpoint redisEndpoint,
            RedisSettings settings,
            Duration timeout,
            String user,
            Supplier<Secret> password,
            int database) {
        DefaultJedisClientConfig.Builder builder = DefaultJedisClientConfig.builder()
                .resp2() // never negotiated: a client that was built while Redis was down would mix decoders
                .connectionTimeoutMillis((int) timeout.toMillis())
                .socketTimeoutMillis((int) timeout.toMillis())
                .database(database)
                .clientName("gatehouse")
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
                .credentialsProvider(() -> credentials(user, password.get()));
        if (redisEndpoint.tls()) {
            builder.sslOptions(settings.tls());
        }
        return builder.build();
    }

    private static RedisCredentials credentials(String user, Secret password) {
        return new DefaultRedisCredentials(user.isEmpty() ? null : user, password.isEmpty() ? null : password.reveal());
    }

    private static GenericObjectPoolConfig<Connection> poolConfig(RedisSettings settings, int size) {
        GenericObjectPoolConfig<Connection> pool = new GenericObjectPoolConfig<>();
        pool.setMaxTotal(size);
        pool.setMaxIdle(size);
        pool.setMaxWait(settings.deadline().dividedBy(6));
        pool.setTestWhileIdle(true);
        pool.setTimeBetweenEvictionRuns(Duration.ofSeconds(30));
        pool.setMinEvictableIdleDuration(Duration.ofMinutes(5));
        pool.setNumTestsPerEvictionRun(-4);
        pool.setJmxEnabled(false);
        return pool;
    }

    private static Set<HostAndPort> forJedis(List<HostPort> addresses) {
        return addresses.stream().map(HostPort::forJedis).collect(Collectors.toSet());
    }

    /** One server. */
    private static final class Standalone extends RedisNodes {
        private final HostAndPort address;

        Standalone(Pools pools, TopologySettings.Standalone topology) {
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

    /** The master that the sentinels name; Jedis listens for their announcements. */
    private static final class Sentinel extends RedisNodes {
        private static final Delay RESUBSCRIBE_DELAY = Delay.constant(Duration.ofSeconds(1));

        private final SentineledConnectionProvider provider;
        private volatile HostAndPort lastMaster;

        Sentinel(Pools pools, TopologySettings.Sentinel topology, JedisClientConfig sentinelConfig) {
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

    /** Many masters, each with some of the slots. */
    private static final class Cluster extends RedisNodes {
        private final Slots provider;

        Cluster(Pools pools, TopologySettings.Cluster topology) {
            super(pools);
            this.provider = new Slots(forJedis(topology.nodes()), pools.config());
        }

        /** Who has which slot; {@link HealthMonitor} says when to look again. */
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
                throw new JedisClusterOperationException("CLUSTERDOWN no known node has slot " + slot);
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
}
