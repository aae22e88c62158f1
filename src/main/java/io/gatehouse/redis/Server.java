package io.gatehouse.redis;

import io.gatehouse.redis.RedisUnavailable.Reason;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisException;

/**
 * One server, master or cluster, as its purposes share it: it sends commands within a deadline, tries again what may be
 * tried again, and asks no node that is known to fail.
 *
 * <p>Commands: {@code EVALSHA}, {@code EVAL} after {@code NOSCRIPT}, {@code MGET}, {@code SELECT} around calls for a database other than
 * the home one, {@code ASKING} for a slot that is on its way to another node, {@code WAIT} where replicas are to confirm, {@code PING} at the
 * end of each exchange.
 */
final class Server implements AutoCloseable {
    private final int homeDatabase;
    private final Duration time;
    private final Connector connector;
    private final Watchdog watchdog;
    private final Runnable onFailure;
    private final LongSupplier nanoTime;
    private volatile @Nullable Nodes nodes;

    /** @param onFailure called when a node fails or is suspended; must not block */
    Server(
            int homeDatabase,
            Duration time,
            Connector connector,
            Watchdog watchdog,
            LongSupplier nanoTime,
            Runnable onFailure) {
        this.homeDatabase = homeDatabase;
        this.time = time;
        this.connector = connector;
        this.watchdog = watchdog;
        this.nanoTime = nanoTime;
        this.onFailure = onFailure;
    }

    /**
     * The reply of each command: an exception of Jedis for a command that Redis refused, and {@link RedisUnavailable} for one
     * that has no reply.
     *
     * @param replicas how many replicas of every node are to confirm what the commands write, 0 for not to wait
     * @param confirmed gets how many have, if they were asked
     * @throws RedisUnavailable if no command could be sent
     */
    Object[] exchange(List<Command> commands, int replicas, IntConsumer confirmed) {
        Itinerary itinerary = new Itinerary(commands);
        begin().run(itinerary, this, replicas);
        if (replicas > 0) {
            confirmed.accept(itinerary.confirmations());
        }
        return itinerary.replies();
    }

    /**
     * The replies to repeatable commands for one certain node, within the same time as an exchange.
     *
     * @throws RedisUnavailable if there are none
     */
    Object[] step(HostAndPort node, int database, List<CommandArguments> commands) {
        return begin().run(
                        () -> {
                            Leg leg = new Leg(node, homeDatabase, commands.size());
                            for (int i = 0; i < commands.size(); i++) {
                                leg.add(i, database, commands.get(i));
                            }
                            return leg;
                        },
                        commands.size(),
                        this);
    }

    private Exchange begin() {
        return new Exchange(homeDatabase, connector, watchdog, onFailure, Deadline.in(time, nanoTime));
    }

    /** The nodes that take writes. */
    Set<HostAndPort> masters(boolean reread) {
        Nodes current = current();
        if (reread) {
            await(current);
        }
        try {
            return new LinkedHashSet<>(current.masters());
        } catch (JedisException e) {
            throw Faults.thrown(e);
        }
    }

    /** Reads the slots again in a thread of ours, because it connects, and waits no longer than an exchange takes. */
    private void await(Nodes current) {
        try {
            CompletableFuture.runAsync(() -> current.refresh(null), connector.executor())
                    .get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof JedisException jedis
                    ? Faults.thrown(jedis)
                    : new RedisUnavailable(Reason.UNREACHABLE, "no connection to Redis", e.getCause());
        } catch (TimeoutException e) {
            throw new RedisUnavailable(Reason.TIMEOUT, "Redis did not answer in time", e);
        } catch (RejectedExecutionException e) {
            throw new RedisUnavailable(Reason.EXHAUSTED, "too many connections to Redis are being made", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisUnavailable(Reason.TIMEOUT, "interrupted while Redis was asked for its nodes", e);
        }
    }

    /** @throws RedisUnavailable before the first nodes were found */
    Nodes current() {
        Nodes current = nodes;
        if (current == null) {
            onFailure.run();
            throw new RedisUnavailable(Reason.UNREACHABLE, "no connection to Redis yet", null);
        }
        return current;
    }

    /** Begins to use other nodes, and closes the ones before. */
    void use(Nodes fresh) {
        Nodes old = nodes;
        if (old != null) {
            for (Node node : old.used()) {
                if (node.isSuspended()) {
                    fresh.node(node.address()).suspend(); // until a probe finds it well
                }
            }
        }
        nodes = fresh;
        if (old != null) {
            old.close();
        }
        if (connector.executor().isShutdown()) {
            close(); // that has come first
        }
    }

    @Nullable
    Nodes nodes() {
        return nodes;
    }

    @Override
    public void close() {
        Nodes old = nodes;
        nodes = null;
        if (old != null) {
            old.end();
        }
    }
}
