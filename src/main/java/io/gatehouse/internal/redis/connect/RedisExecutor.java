package io.gatehouse.internal.redis.connect;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.RedisUnavailableException.Reason;
import io.gatehouse.internal.redis.Deadline;
import io.gatehouse.internal.redis.ExceptionTranslator;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Sends commands to one server, that is, to a master or a cluster, within a deadline. Retries what may be retried, and sends
 * nothing to a node that is known to fail. Purposes on the same server share one executor. Thread-safe.
 *
 * <p>Commands: {@code EVALSHA}, {@code EVAL} after {@code NOSCRIPT}, {@code HDEL}, {@code HGETALL}, {@code MGET}, {@code TIME},
 * {@code ZMSCORE}, {@code SELECT} before and after calls for
 * a database other than the home database, {@code ASKING} for a slot that is being migrated, {@code WAIT} if replicas must
 * acknowledge, {@code PING} at the end of each exchange.
 */
final class RedisExecutor implements AutoCloseable {
    private final int homeDatabase;
    private final Duration time;
    private final ConnectionBorrower connectionBorrower;
    private final DeadlineWatchdog deadlineWatchdog;
    private final Runnable onFailure;
    private final LongSupplier nanoTime;
    private volatile @Nullable RedisNodes redisNodes;

    /**
     * Creates an executor, which is unavailable until {@link #use}.
     *
     * @param homeDatabase the database that pooled connections have selected
     * @param time the time limit of one exchange
     * @param onFailure called when a node fails or is suspended; must not block
     */
    RedisExecutor(
            int homeDatabase,
            Duration time,
            ConnectionBorrower connectionBorrower,
            DeadlineWatchdog deadlineWatchdog,
            LongSupplier nanoTime,
            Runnable onFailure) {
        this.homeDatabase = homeDatabase;
        this.time = time;
        this.connectionBorrower = connectionBorrower;
        this.deadlineWatchdog = deadlineWatchdog;
        this.nanoTime = nanoTime;
        this.onFailure = onFailure;
    }

    /**
     * Sends commands and waits for the reply to each: an exception of Jedis for a command that Redis refused, a {@link
     * RedisUnavailableException} for a command without reply.
     *
     * @param replicas how many replicas of every node must acknowledge the writes, 0 for none
     * @throws RedisUnavailableException if no command could be sent
     */
    void execute(PipelineRouting pipelineRouting, int replicas) {
        newExchange().run(pipelineRouting, this, replicas);
    }

    /**
     * Sends repeatable commands to one node, with the time limit of one exchange, and returns the replies.
     *
     * @throws RedisUnavailableException if there are no replies
     */
    Object[] executeOn(HostAndPort node, int database, List<CommandArguments> commands) {
        return executeOn(
                node,
                commands.stream()
                        .map(command -> new NativeCommand(command, null, database, true, false))
                        .toList());
    }

    /**
     * Sends commands to one node, with the time limit of one exchange, and returns the replies. They are sent again after a
     * failure if all are repeatable, or if nothing was sent.
     *
     * @throws RedisUnavailableException if there are no replies
     */
    Object[] executeOn(HostAndPort node, List<? extends RoutedCommand> commands) {
        return newExchange().run(node, commands, this);
    }

    private RedisExchange newExchange() {
        return new RedisExchange(
                homeDatabase, connectionBorrower, deadlineWatchdog, onFailure, Deadline.after(time, nanoTime));
    }

    /**
     * Returns the masters.
     *
     * @param reread whether to refresh the node table first
     */
    Set<HostAndPort> masters(boolean reread) {
        RedisNodes current = current();
        if (reread) {
            refresh(current);
        }
        try {
            return new LinkedHashSet<>(current.masters());
        } catch (JedisException e) {
            throw ExceptionTranslator.thrown(e);
        }
    }

    /** Returns the node that serves a key, or any master if the key is null. */
    HostAndPort nodeFor(byte @Nullable [] key) {
        RedisNodes current = current();
        try {
            return key == null ? current.anyMaster() : current.nodeFor(key);
        } catch (JedisException e) {
            throw ExceptionTranslator.thrown(e);
        }
    }

    /** Refreshes the node table on another thread, because that connects, and waits at most the time limit of one exchange. */
    private void refresh(RedisNodes current) {
        await(CompletableFuture.runAsync(() -> current.refresh(null), connectionBorrower::execute));
    }

    /**
     * Opens a connection outside of the pools, on another thread, and waits at most the time limit of one exchange.
     *
     * @param onClose run when the connection is closed
     * @throws RedisUnavailableException if the node does not answer, or is known to fail
     */
    OwnConnection openOwn(HostAndPort node, int database, Runnable onClose) {
        RedisNodes current = current();
        RedisNode redisNode = current.node(node);
        if (redisNode.isSuspended()) {
            onFailure.run();
            throw RedisExchange.suspended();
        }
        CompletableFuture<OwnConnection> opening = CompletableFuture.supplyAsync(
                () -> {
                    OwnConnection connection = current.connect(node);
                    try {
                        if (database != homeDatabase) {
                            connection.select(database);
                        }
                        connection.setSoTimeout((int) time.toMillis());
                        return connection;
                    } catch (JedisException e) {
                        connection.close();
                        throw e;
                    }
                },
                connectionBorrower::execute);
        try {
            OwnConnection connection = await(opening);
            connection.onClose(onClose);
            return connection;
        } catch (RedisUnavailableException e) {
            var unused = opening.thenAccept(Connection::close); // it may still arrive
            boolean gaveUp = e.getCause() instanceof InterruptedException; // that says nothing about the node
            if (!gaveUp && ExceptionTranslator.isServerFailure(e.reason()) && e.reason() != Reason.EXHAUSTED) {
                redisNode.failed(e);
                onFailure.run();
            }
            throw e;
        }
    }

    private <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RedisUnavailableException known) {
                throw known;
            }
            throw e.getCause() instanceof JedisException jedis
                    ? ExceptionTranslator.thrown(jedis)
                    : new RedisUnavailableException(Reason.UNREACHABLE, "no connection to Redis", e.getCause());
        } catch (TimeoutException e) {
            throw new RedisUnavailableException(Reason.TIMEOUT, "Redis did not answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisUnavailableException(Reason.TIMEOUT, "interrupted while waiting for Redis", e);
        }
    }

    /**
     * Returns the current nodes.
     *
     * @throws RedisUnavailableException if no nodes were found yet
     */
    RedisNodes current() {
        RedisNodes current = redisNodes;
        if (current == null) {
            onFailure.run();
            throw new RedisUnavailableException(Reason.UNREACHABLE, "no connection to Redis yet", null);
        }
        return current;
    }

    /** Starts to use other nodes and closes the previous ones. Suspended nodes stay suspended. */
    void use(RedisNodes fresh) {
        RedisNodes old = redisNodes;
        if (old != null) {
            for (RedisNode redisNode : old.used()) {
                if (redisNode.isSuspended()) {
                    fresh.node(redisNode.address()).suspend(); // until a probe succeeds
                }
            }
        }
        redisNodes = fresh;
        if (old != null) {
            old.close();
        }
        if (connectionBorrower.executor().isShutdown()) {
            close(); // closed before these nodes were opened
        }
    }

    @Nullable
    RedisNodes nodes() {
        return redisNodes;
    }

    @Override
    public void close() {
        RedisNodes old = redisNodes;
        redisNodes = null;
        if (old != null) {
            old.closeAndDisconnect();
        }
    }
}
