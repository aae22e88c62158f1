package io.gatehouse.internal.redis.connect;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.Deadline;
import io.gatehouse.internal.redis.ServerInfo;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisException;

/**
 * What the servers of one set of connections say about themselves. The one that is looked at anyhow is asked over the same
 * connection; of a cluster the other masters are asked all at once over pooled ones, and together no longer than one deadline.
 */
final class ServerInfoCollector {
    private final ServerInfoQuery serverInfoQuery;
    private final ConnectionBorrower connectionBorrower;
    private final DeadlineWatchdog deadlineWatchdog;
    private final Duration time;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private volatile List<ServerInfo> facts = List.of();

    /** Questions on their way to one node, with null for the time if they did not go. */
    private record Asked(NodePipeline leg, @Nullable Instant sent) {}

    ServerInfoCollector(
            ServerInfoQuery serverInfoQuery,
            ConnectionBorrower connectionBorrower,
            DeadlineWatchdog deadlineWatchdog,
            Duration time,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.serverInfoQuery = serverInfoQuery;
        this.connectionBorrower = connectionBorrower;
        this.deadlineWatchdog = deadlineWatchdog;
        this.time = time;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** What was seen last, empty before the first time and where we may not ask. */
    List<ServerInfo> facts() {
        return facts;
    }

    /**
     * Asks over a connection, in the same round trip as something else.
     *
     * @param rest commands to go along, without a reply that matters
     * @return the role
     * @throws JedisException if one of the rest failed
     */
    String ask(Connection connection, List<CommandArguments> rest) {
        serverInfoQuery.commands().forEach(connection::sendCommand);
        rest.forEach(connection::sendCommand);
        Instant sent = clock.instant();
        List<Object> replies = connection.getMany(ServerInfoQuery.SIZE + rest.size());
        ServerInfo seen = serverInfoQuery.facts(replies, middle(sent, clock.instant()));
        facts = seen == null ? List.of() : List.of(seen);
        for (Object reply : replies.subList(ServerInfoQuery.SIZE, replies.size())) {
            if (reply instanceof JedisException e) {
                throw e;
            }
        }
        return serverInfoQuery.role(replies.get(0));
    }

    /**
     * Asks every other master too; those that do not answer are left out. Throws nothing for a server that is down.
     *
     * @param first the one that was asked already
     */
    void askOthers(RedisNodes redisNodes, HostAndPort first) {
        if (facts.isEmpty()) {
            return; // who may not ask one may not ask the others
        }
        List<Asked> asked = new ArrayList<>();
        try {
            Deadline deadline = Deadline.after(time, nanoTime);
            for (HostAndPort master : redisNodes.masters()) {
                if (!master.equals(first) && !redisNodes.node(master).isSuspended()) {
                    NodePipeline nodePipeline = new NodePipeline(master, 0, ServerInfoQuery.SIZE);
                    asked.add(new Asked(nodePipeline, depart(nodePipeline, redisNodes, deadline)));
                }
            }
            List<ServerInfo> all = new ArrayList<>(facts);
            asked.forEach(one -> arrive(one, deadline, all));
            facts = List.copyOf(all);
        } catch (JedisException e) {
            // no master is known, which the look itself has told
        } finally {
            asked.forEach(one -> letGo(one.leg()));
        }
    }

    /** When it went, null if it did not. */
    private @Nullable Instant depart(NodePipeline nodePipeline, RedisNodes redisNodes, Deadline deadline) {
        try {
            List<CommandArguments> commands = serverInfoQuery.commands();
            for (int i = 0; i < commands.size(); i++) {
                nodePipeline.add(i, 0, commands.get(i));
            }
            NodeConnection connection = connectionBorrower.borrow(redisNodes.node(nodePipeline.node()), deadline);
            nodePipeline.attach(connection);
            deadlineWatchdog.watch(connection, deadline);
            nodePipeline.flush();
            return clock.instant();
        } catch (JedisException | RedisUnavailableException e) {
            return null;
        }
    }

    private void arrive(Asked asked, Deadline deadline, List<ServerInfo> all) {
        Instant sent = asked.sent();
        if (sent == null) {
            return;
        }
        try {
            Object[] replies = new Object[ServerInfoQuery.SIZE];
            asked.leg().readReplies(deadline, replies);
            ServerInfo seen = serverInfoQuery.facts(Arrays.asList(replies), middle(sent, clock.instant()));
            if (seen != null) {
                all.add(seen);
            }
        } catch (JedisException | RedisUnavailableException e) {
            // left out
        }
    }

    private void letGo(NodePipeline nodePipeline) {
        NodeConnection connection = nodePipeline.connection();
        if (connection != null) {
            deadlineWatchdog.release(connection);
        }
        nodePipeline.close();
    }

    private static Instant middle(Instant from, Instant to) {
        return from.plus(Duration.between(from, to).dividedBy(2));
    }
}
