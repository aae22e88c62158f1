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
 * Tries nodes over connections of its own and opens and closes their circuit breakers. One node that is well stands for the
 * health of the server; of a cluster the nodes that are suspended are tried besides, side by side.
 *
 * <p>Commands: {@code PING}, and then at once {@code ROLE} (on a cluster {@code CLUSTER INFO}), {@code INFO}, {@code TIME} and {@code SELECT} of
 * every database in use; on a cluster {@code CLUSTER SLOTS}.
 */
final class NodeProbe {
    /** Tries again at once if the connection broke, which says nothing of the node; not if it did not answer in time. */
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

    /** @param databases that are in use */
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
     * Looks at the first node that answers, those in use before one that is suspended.
     *
     * @param failures how many looks before this one failed
     * @throws RuntimeException what the last one threw, if none answers
     */
    ProbeResult look(RedisNodes redisNodes, int failures) {
        RuntimeException last = null;
        List<HostAndPort> candidates = candidates(redisNodes, failures);
        for (HostAndPort address : candidates) {
            try {
                return RETRY.executeSupplier(() -> look(redisNodes, redisNodes.node(address)));
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
            candidates.add(masters.get(failures % masters.size())); // not always the same, which may be gone for good
        }
        return candidates;
    }

    private ProbeResult look(RedisNodes redisNodes, RedisNode redisNode) {
        try (Connection connection = redisNodes.probe(redisNode.address())) {
            connection.setSoTimeout((int) time.toMillis());
            long start = System.nanoTime();
            ping(connection);
            long latencyMicros = (System.nanoTime() - start) / 1000;
            String role = serverInfoCollector.ask(
                    connection,
                    databases.stream()
                            .map(database -> new CommandArguments(Protocol.Command.SELECT).add(database))
                            .toList());
            Reason fault = fault(role);
            settle(redisNode, fault);
            redisNodes.refresh(connection);
            return new ProbeResult(
                    new HealthSnapshot(fault == null, role, latencyMicros, fault, clock.instant()),
                    redisNodes,
                    redisNode.address());
        }
    }

    private void ping(Connection connection) {
        try {
            connection.ping();
        } catch (JedisDataException e) {
            serverInfoCollector.ask(connection, List.of()); // one that is loading says so there
            throw e;
        }
    }

    /**
     * Tries every other node that is suspended, in threads that may wait for a connect.
     *
     * @param tried nodes that this look has tried already
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
            redisNode.probed(); // the next look tries again
        }
    }

    private void probe(RedisNodes redisNodes, RedisNode redisNode) {
        try {
            settle(redisNode, RETRY.executeSupplier(() -> fault(role(redisNodes, redisNode))));
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

    private static void settle(RedisNode redisNode, @Nullable Reason fault) {
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
