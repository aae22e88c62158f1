package io.gatehouse.internal.redis.connect;

import io.gatehouse.RedisUnavailableException.Reason;
import io.gatehouse.internal.redis.connect.HealthMonitor.HealthSnapshot;
import io.gatehouse.internal.redis.connect.HealthMonitor.ProbeResult;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Probes nodes over separate connections, and opens and closes their circuit breakers. One healthy node stands for the health
 * of the server; the suspended nodes of a cluster are probed as well, in parallel.
 *
 * <p>Commands: {@code PING}, then in one round trip {@code ROLE} (in a cluster {@code CLUSTER INFO}), {@code INFO}, {@code
 * TIME} and {@code SELECT} of every database in use; in a cluster {@code CLUSTER SLOTS}.
 */
final class NodeProbe {
    /** Retries at once if the connection broke, which is no evidence against the node, but not after a timeout. */
    private static final Retry RETRY = Retry.of(
            "redis-probe",
            RetryConfig.custom()
                    .maxAttempts(3)
                    .waitDuration(Duration.ZERO)
                    .retryOnException(e -> e instanceof RuntimeException failure
                            && HealthMonitor.reason(failure) == Reason.UNREACHABLE)
                    .build());

    private final Set<Integer> databases;
    private final ServerInfoQuery serverInfoQuery;
    private final ServerInfoCollector serverInfoCollector;
    private final ConnectionBorrower connectionBorrower;
    private final Duration time;
    private final InstantSource clock;

    /** @param databases the databases in use */
    NodeProbe(
            Set<Integer> databases,
            ServerInfoQuery serverInfoQuery,
            ServerInfoCollector serverInfoCollector,
            ConnectionBorrower connectionBorrower,
            Duration time,
            InstantSource clock) {
        this.databases = databases;
        this.serverInfoQuery = serverInfoQuery;
        this.serverInfoCollector = serverInfoCollector;
        this.connectionBorrower = connectionBorrower;
        this.time = time;
        this.clock = clock;
    }

    /**
     * Probes nodes until one answers; suspended nodes come last.
     *
     * @param failures how many probes in a row failed before this one
     * @throws RuntimeException what the last probe threw, if no node answers
     */
    ProbeResult probeFirstHealthy(RedisNodes redisNodes, int failures) {
        RuntimeException last = null;
        List<HostAndPort> candidates = candidates(redisNodes, failures);
        for (HostAndPort address : candidates) {
            try {
                return RETRY.executeSupplier(() -> probeNode(redisNodes, redisNodes.node(address)));
            } catch (RuntimeException e) {
                redisNodes.node(address).suspend();
                last = e;
            }
        }
        probeSuspended(redisNodes, candidates);
        throw last == null ? new JedisException("no node is known") : last;
    }

    private static List<HostAndPort> candidates(RedisNodes redisNodes, int failures) {
        List<HostAndPort> masters = List.copyOf(redisNodes.masters());
        List<HostAndPort> candidates = new ArrayList<>();
        masters.stream()
                .filter(master -> !redisNodes.node(master).isSuspended())
                .forEach(candidates::add);
        if (candidates.isEmpty() && !masters.isEmpty()) {
            candidates.add(
                    masters.get(failures % masters.size())); // not always the same one, which may never come back
        }
        return candidates;
    }

    private ProbeResult probeNode(RedisNodes redisNodes, RedisNode redisNode) {
        try (Connection connection = redisNodes.probe(redisNode.address())) {
            connection.setSoTimeout((int) time.toMillis());
            long start = System.nanoTime();
            ping(redisNode.address(), connection);
            long latencyMicros = (System.nanoTime() - start) / 1000;
            String role = serverInfoCollector.ask(
                    redisNode.address(),
                    connection,
                    databases.stream()
                            .map(database -> new CommandArguments(Protocol.Command.SELECT).add(database))
                            .toList());
            Reason fault = fault(role);
            updateBreaker(redisNode, fault);
            redisNodes.refresh(connection);
            return new ProbeResult(
                    new HealthSnapshot(fault == null, role, latencyMicros, fault, clock.instant()),
                    redisNodes,
                    redisNode.address());
        }
    }

    private void ping(HostAndPort node, Connection connection) {
        try {
            connection.ping();
        } catch (JedisDataException e) {
            serverInfoCollector.ask(node, connection, List.of()); // a node that is loading replies so to PING
            throw e;
        }
    }

    /**
     * Probes every other suspended node, on connecting threads.
     *
     * @param tried nodes that this probe has tried already
     * @return whether there are any
     */
    boolean probeSuspended(RedisNodes redisNodes, Collection<HostAndPort> tried) {
        boolean any = false;
        for (HostAndPort address : redisNodes.masters()) {
            RedisNode redisNode = redisNodes.node(address);
            if (redisNode.isSuspended() && !tried.contains(address)) {
                any = true;
                if (redisNode.beginProbe()) {
                    start(redisNodes, redisNode);
                }
            }
        }
        return any;
    }

    private void start(RedisNodes redisNodes, RedisNode redisNode) {
        try {
            connectionBorrower.executor().execute(() -> {
                try {
                    probe(redisNodes, redisNode);
                } finally {
                    redisNode.probed();
                }
            });
        } catch (RejectedExecutionException e) {
            redisNode.probed(); // the next probe tries again
        }
    }

    private void probe(RedisNodes redisNodes, RedisNode redisNode) {
        try {
            updateBreaker(redisNode, RETRY.executeSupplier(() -> fault(role(redisNodes, redisNode))));
        } catch (RuntimeException e) {
            redisNode.suspend();
        }
    }

    private String role(RedisNodes redisNodes, RedisNode redisNode) {
        try (Connection connection = redisNodes.probe(redisNode.address())) {
            connection.setSoTimeout((int) time.toMillis());
            connection.ping();
            connection.sendCommand(serverInfoQuery.commands().get(0));
            return serverInfoQuery.role(connection.getMany(1).get(0));
        }
    }

    private static void updateBreaker(RedisNode redisNode, @Nullable Reason fault) {
        if (fault == null) {
            redisNode.resume();
        } else {
            redisNode.suspend();
        }
    }

    private static @Nullable Reason fault(String role) {
        return role.equals("replica") ? Reason.READ_ONLY : role.equals("down") ? Reason.BUSY : null;
    }
}
