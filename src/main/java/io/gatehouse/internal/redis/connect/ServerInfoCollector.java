package io.gatehouse.internal.redis.connect;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.Deadline;
import io.gatehouse.internal.redis.HostPort;
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
 * Collects what the servers of one executor report about themselves. The probed node is asked on the connection of the probe.
 * The other masters of a cluster are asked in parallel over pooled connections, with one deadline for all.
 */
final class ServerInfoCollector {
    private final ServerInfoQuery serverInfoQuery;
    private final ConnectionBorrower connectionBorrower;
    private final DeadlineWatchdog deadlineWatchdog;
    private final Duration time;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private volatile List<ServerInfo> serverInfo = List.of();

    /** The commands sent to one node; {@code sent} is null if they could not be sent. */
    private record Asked(NodePipeline pipeline, @Nullable Instant sent) {}

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

    /** Returns what was collected last; empty before the first time and if the ACL forbids {@code INFO}. */
    List<ServerInfo> serverInfo() {
        return serverInfo;
    }

    /**
     * Asks one server over a connection, in the same round trip as other commands.
     *
     * @param rest commands to send along; their replies are only checked for errors
     * @return the role
     * @throws JedisException if one of the other commands failed
     */
    String ask(HostAndPort node, Connection connection, List<CommandArguments> rest) {
        serverInfoQuery.commands().forEach(connection::sendCommand);
        rest.forEach(connection::sendCommand);
        Instant sent = clock.instant();
        List<Object> replies = connection.getMany(ServerInfoQuery.SIZE + rest.size());
        ServerInfo seen = serverInfoQuery.parse(HostPort.of(node), replies, middle(sent, clock.instant()));
        serverInfo = seen == null ? List.of() : List.of(seen);
        for (Object reply : replies.subList(ServerInfoQuery.SIZE, replies.size())) {
            if (reply instanceof JedisException e) {
                throw e;
            }
        }
        return serverInfoQuery.role(replies.get(0));
    }

    /**
     * Asks every other master. Leaves out masters that do not reply, and throws nothing.
     *
     * @param first the master that was asked already
     */
    void askOthers(RedisNodes redisNodes, HostAndPort first) {
        if (serverInfo.isEmpty()) {
            return; // the ACL forbids it on every master
        }
        List<Asked> asked = new ArrayList<>();
        try {
            Deadline deadline = Deadline.after(time, nanoTime);
            for (HostAndPort master : redisNodes.masters()) {
                if (!master.equals(first) && !redisNodes.node(master).isSuspended()) {
                    NodePipeline nodePipeline = new NodePipeline(master, 0, ServerInfoQuery.SIZE);
                    asked.add(new Asked(nodePipeline, flush(nodePipeline, redisNodes, deadline)));
                }
            }
            List<ServerInfo> all = new ArrayList<>(serverInfo);
            asked.forEach(one -> readReplies(one, deadline, all));
            serverInfo = List.copyOf(all);
        } catch (JedisException e) {
            // no master is known; the probe itself has reported that
        } finally {
            asked.forEach(one -> release(one.pipeline()));
        }
    }

    /** Sends a pipeline. Returns the time at which it was sent, or null if that failed. */
    private @Nullable Instant flush(NodePipeline nodePipeline, RedisNodes redisNodes, Deadline deadline) {
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

    private void readReplies(Asked asked, Deadline deadline, List<ServerInfo> all) {
        Instant sent = asked.sent();
        if (sent == null) {
            return;
        }
        try {
            Object[] replies = new Object[ServerInfoQuery.SIZE];
            asked.pipeline().readReplies(deadline, replies);
            ServerInfo seen = serverInfoQuery.parse(
                    HostPort.of(asked.pipeline().node()), Arrays.asList(replies), middle(sent, clock.instant()));
            if (seen != null) {
                all.add(seen);
            }
        } catch (JedisException | RedisUnavailableException e) {
            // this master is left out
        }
    }

    private void release(NodePipeline nodePipeline) {
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
