package io.gatehouse.internal.redis.connect;

import io.gatehouse.internal.redis.HostPort;
import io.gatehouse.internal.redis.RedisEndpoint;
import io.gatehouse.internal.redis.RedisSettings;
import io.gatehouse.internal.redis.TopologySettings;
import io.gatehouse.internal.threads.DaemonThreads;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;

/**
 * The nodes of one topology, the connections to them, and which node serves which key. The connection providers of Jedis'
 * {@code RedisSentinelClient} and {@code RedisClusterClient} find the masters and slots; Gatehouse has pools of its own.
 * Opening fails with a {@link redis.clients.jedis.exceptions.JedisException} if no server is reachable. Thread-safe.
 */
public abstract class RedisNodes implements AutoCloseable {
    private static final Duration LONGEST_PROBE = Duration.ofSeconds(1);

    private final Pools pools;

    RedisNodes(Pools pools) {
        this.pools = pools;
    }

    /** Returns the master that serves a key. */
    public abstract HostAndPort nodeFor(byte[] key);

    /**
     * Refreshes the node table, if the topology has one.
     *
     * @param connection a connection to a node that answers, or null to try all known nodes
     */
    void refresh(@Nullable Connection connection) {}

    /** Records the new node of a slot, as a {@code MOVED} reply named it. */
    void moved(int slot, HostAndPort address) {}

    /** Returns the node whose health stands for the whole server. */
    abstract HostAndPort representative();

    /** Returns the masters that are known now. */
    public Set<HostAndPort> masters() {
        return Set.of(representative());
    }

    /** Returns a random master, so that Gatehouse nodes spread over the masters. */
    HostAndPort anyMaster() {
        List<HostAndPort> masters = List.copyOf(masters());
        return masters.isEmpty()
                ? representative()
                : masters.get(ThreadLocalRandom.current().nextInt(masters.size()));
    }

    /** Returns the node at an address, which is in use from now on. */
    RedisNode node(HostAndPort address) {
        return pools.of(address);
    }

    /** Returns a node if it is in use, otherwise null. */
    @Nullable
    RedisNode known(HostAndPort address) {
        return pools.known(address);
    }

    /** Returns the nodes in use. */
    List<RedisNode> used() {
        return pools.all();
    }

    /** Closes the pools of all other nodes. */
    void retainOnly(Set<HostAndPort> nodes) {
        pools.retainOnly(nodes);
    }

    /** Opens a connection to a node outside of its pool. */
    public OwnConnection connect(HostAndPort address) {
        return pools.connect(address);
    }

    /** Returns whether a connection outside of the pools must be replaced, because its token will expire. */
    boolean mustReplace(OwnConnection connection) {
        return pools.mustReplace(connection);
    }

    /** Opens a connection for a health probe. It has a short connect timeout, because probes repeat often. */
    Connection probe(HostAndPort address) {
        return pools.probe(address);
    }

    /**
     * Closes the pools and all sockets, so that every thread that waits for a node continues with an exception. An interrupt
     * does not end a read.
     */
    void closeAndDisconnect() {
        close();
        pools.disconnect();
    }

    @Override
    public void close() {
        pools.close();
    }

    /** Opens the topology of an endpoint for a short time: a token that expires is not replaced. */
    public static RedisNodes open(RedisEndpoint redisEndpoint, RedisSettings settings, int poolSize) {
        LoginSource loginSource = new LoginSource(
                "verification",
                redisEndpoint,
                InstantSource.system(),
                task -> new DaemonThreads("gatehouse-redis-login")
                        .newThread(task)
                        .start(),
                settings.connectionTimeout());
        return open(redisEndpoint, settings, poolSize, loginSource);
    }

    /** Opens the topology of an endpoint. */
    static RedisNodes open(RedisEndpoint redisEndpoint, RedisSettings settings, int poolSize, LoginSource loginSource) {
        Duration timeout = settings.connectionTimeout();
        Duration shorter = timeout.compareTo(LONGEST_PROBE) < 0 ? timeout : LONGEST_PROBE;
        Pools pools = new Pools(
                ConnectionConfig.client(redisEndpoint, settings, timeout, loginSource),
                ConnectionConfig.client(redisEndpoint, settings, shorter, loginSource),
                ConnectionConfig.pool(settings, poolSize),
                loginSource);
        TopologySettings topologySettings = redisEndpoint.topology();
        if (topologySettings instanceof TopologySettings.Cluster cluster) {
            return new ClusterNodes(pools, cluster);
        }
        if (topologySettings instanceof TopologySettings.Sentinel sentinel) {
            return new SentinelNodes(pools, sentinel, ConnectionConfig.sentinel(redisEndpoint, settings, timeout));
        }
        return new StandaloneNodes(pools, (TopologySettings.Standalone) topologySettings);
    }

    static Set<HostAndPort> forJedis(List<HostPort> addresses) {
        return addresses.stream().map(HostPort::forJedis).collect(Collectors.toSet());
    }
}
