package io.gatehouse.redis;

import io.gatehouse.redis.Monitor.Look;
import io.gatehouse.redis.Monitor.Sight;
import io.gatehouse.redis.RedisUnavailable.Reason;
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
final class Probe {
    /** Tries again at once if the connection broke, which says nothing of the node; not if it did not answer in time. */
    private static final Retry RETRY = Retry.of(
            "redis-probe",
            RetryConfig.custom()
                    .maxAttempts(3)
                    .waitDuration(Duration.ZERO)
                    .retryOnException(
                            e -> e instanceof RuntimeException failure && Monitor.reason(failure) == Reason.UNREACHABLE)
                    .build());

    private final Set<Integer> databases;
    private final Inquiry inquiry;
    private final Survey survey;
    private final Connector connector;
    private final Duration time;
    private final InstantSource clock;

    /** @param databases that are in use */
    Probe(
            Set<Integer> databases,
            Inquiry inquiry,
            Survey survey,
            Connector connector,
            Duration time,
            InstantSource clock) {
        this.databases = databases;
        this.inquiry = inquiry;
        this.survey = survey;
        this.connector = connector;
        this.time = time;
        this.clock = clock;
    }

    /**
     * Looks at the first node that answers, those in use before one that is suspended.
     *
     * @param failures how many looks before this one failed
     * @throws RuntimeException what the last one threw, if none answers
     */
    Look look(Nodes nodes, int failures) {
        RuntimeException last = null;
        List<HostAndPort> candidates = candidates(nodes, failures);
        for (HostAndPort address : candidates) {
            try {
                return RETRY.executeSupplier(() -> look(nodes, nodes.node(address)));
            } catch (RuntimeException e) {
                nodes.node(address).suspend();
                last = e;
            }
        }
        probeSuspended(nodes, candidates);
        throw last == null ? new JedisException("no node is known") : last;
    }

    private static List<HostAndPort> candidates(Nodes nodes, int failures) {
        List<HostAndPort> masters = List.copyOf(nodes.masters());
        List<HostAndPort> candidates = new ArrayList<>();
        masters.stream().filter(master -> !nodes.node(master).isSuspended()).forEach(candidates::add);
        if (candidates.isEmpty() && !masters.isEmpty()) {
            candidates.add(masters.get(failures % masters.size())); // not always the same, which may be gone for good
        }
        return candidates;
    }

    private Look look(Nodes nodes, Node node) {
        try (Connection connection = nodes.probe(node.address())) {
            connection.setSoTimeout((int) time.toMillis());
            long start = System.nanoTime();
            ping(connection);
            long latencyMicros = (System.nanoTime() - start) / 1000;
            String role = survey.ask(
                    connection,
                    databases.stream()
                            .map(database -> new CommandArguments(Protocol.Command.SELECT).add(database))
                            .toList());
            Reason fault = fault(role);
            settle(node, fault);
            nodes.refresh(connection);
            return new Look(
                    new Sight(fault == null, role, latencyMicros, fault, clock.instant()), nodes, node.address());
        }
    }

    private void ping(Connection connection) {
        try {
            connection.ping();
        } catch (JedisDataException e) {
            survey.ask(connection, List.of()); // one that is loading says so there
            throw e;
        }
    }

    /**
     * Tries every other node that is suspended, in threads that may wait for a connect.
     *
     * @param tried nodes that this look has tried already
     * @return whether there are any
     */
    boolean probeSuspended(Nodes nodes, Collection<HostAndPort> tried) {
        boolean any = false;
        for (HostAndPort address : nodes.masters()) {
            Node node = nodes.node(address);
            if (node.isSuspended() && !tried.contains(address)) {
                any = true;
                if (node.beginProbe()) {
                    start(nodes, node);
                }
            }
        }
        return any;
    }

    private void start(Nodes nodes, Node node) {
        try {
            connector.executor().execute(() -> {
                try {
                    probe(nodes, node);
                } finally {
                    node.probed();
                }
            });
        } catch (RejectedExecutionException e) {
            node.probed(); // the next look tries again
        }
    }

    private void probe(Nodes nodes, Node node) {
        try {
            settle(node, RETRY.executeSupplier(() -> fault(role(nodes, node))));
        } catch (RuntimeException e) {
            node.suspend();
        }
    }

    private String role(Nodes nodes, Node node) {
        try (Connection connection = nodes.probe(node.address())) {
            connection.setSoTimeout((int) time.toMillis());
            connection.ping();
            connection.sendCommand(inquiry.commands().get(0));
            return inquiry.role(connection.getMany(1).get(0));
        }
    }

    private static void settle(Node node, @Nullable Reason fault) {
        if (fault == null) {
            node.resume();
        } else {
            node.suspend();
        }
    }

    private static @Nullable Reason fault(String role) {
        return role.equals("replica") ? Reason.READ_ONLY : role.equals("down") ? Reason.BUSY : null;
    }
}
