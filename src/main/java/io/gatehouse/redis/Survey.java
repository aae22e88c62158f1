package io.gatehouse.redis;

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
final class Survey {
    private final Inquiry inquiry;
    private final Connector connector;
    private final Watchdog watchdog;
    private final Duration time;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private volatile List<ServerFacts> facts = List.of();

    /** Questions on their way to one node, with null for the time if they did not go. */
    private record Asked(Leg leg, @Nullable Instant sent) {}

    Survey(
            Inquiry inquiry,
            Connector connector,
            Watchdog watchdog,
            Duration time,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.inquiry = inquiry;
        this.connector = connector;
        this.watchdog = watchdog;
        this.time = time;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** What was seen last, empty before the first time and where we may not ask. */
    List<ServerFacts> facts() {
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
        inquiry.commands().forEach(connection::sendCommand);
        rest.forEach(connection::sendCommand);
        Instant sent = clock.instant();
        List<Object> replies = connection.getMany(Inquiry.SIZE + rest.size());
        ServerFacts seen = inquiry.facts(replies, middle(sent, clock.instant()));
        facts = seen == null ? List.of() : List.of(seen);
        for (Object reply : replies.subList(Inquiry.SIZE, replies.size())) {
            if (reply instanceof JedisException e) {
                throw e;
            }
        }
        return inquiry.role(replies.get(0));
    }

    /**
     * Asks every other master too; those that do not answer are left out. Throws nothing for a server that is down.
     *
     * @param first the one that was asked already
     */
    void askOthers(Nodes nodes, HostAndPort first) {
        if (facts.isEmpty()) {
            return; // who may not ask one may not ask the others
        }
        List<Asked> asked = new ArrayList<>();
        try {
            Deadline deadline = Deadline.in(time, nanoTime);
            for (HostAndPort master : nodes.masters()) {
                if (!master.equals(first) && !nodes.node(master).isSuspended()) {
                    Leg leg = new Leg(master, 0, Inquiry.SIZE);
                    asked.add(new Asked(leg, depart(leg, nodes, deadline)));
                }
            }
            List<ServerFacts> all = new ArrayList<>(facts);
            asked.forEach(one -> arrive(one, deadline, all));
            facts = List.copyOf(all);
        } catch (JedisException e) {
            // no master is known, which the look itself has told
        } finally {
            asked.forEach(one -> letGo(one.leg()));
        }
    }

    /** When it went, null if it did not. */
    private @Nullable Instant depart(Leg leg, Nodes nodes, Deadline deadline) {
        try {
            List<CommandArguments> commands = inquiry.commands();
            for (int i = 0; i < commands.size(); i++) {
                leg.add(i, 0, commands.get(i));
            }
            NodeConnection connection = connector.borrow(nodes.node(leg.node()), deadline);
            leg.board(connection);
            watchdog.watch(connection, deadline);
            leg.depart();
            return clock.instant();
        } catch (JedisException | RedisUnavailable e) {
            return null;
        }
    }

    private void arrive(Asked asked, Deadline deadline, List<ServerFacts> all) {
        Instant sent = asked.sent();
        if (sent == null) {
            return;
        }
        try {
            Object[] replies = new Object[Inquiry.SIZE];
            asked.leg().arrive(deadline, replies);
            ServerFacts seen = inquiry.facts(Arrays.asList(replies), middle(sent, clock.instant()));
            if (seen != null) {
                all.add(seen);
            }
        } catch (JedisException | RedisUnavailable e) {
            // left out
        }
    }

    private void letGo(Leg leg) {
        NodeConnection connection = leg.connection();
        if (connection != null) {
            watchdog.release(connection);
        }
        leg.close();
    }

    private static Instant middle(Instant from, Instant to) {
        return from.plus(Duration.between(from, to).dividedBy(2));
    }
}
