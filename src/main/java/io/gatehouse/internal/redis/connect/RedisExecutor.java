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
final class RedisExecutor implements AutoCloseable {
    private final int homeDatabase;
    private final Duration time;
    private final ConnectionBorrower connectionBorrower;
    private final DeadlineWatchdog deadlineWatchdog;
    private final Runnable onFailure;
    private final LongSupplier nanoTime;
    private volatile @Nullable RedisNodes redisNodes;

    /** @param onFailure called when a node fails or is suspended; must not block */
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
     * The reply of each command: an exception of Jedis for a command that Redis refused, and {@link RedisUnavailableException} for one
     * that has no reply.
     *
     * @param replicas how many replicas of every node are to confirm what the commands write, 0 for not to wait
     * @param confirmed gets how many have, if they were asked
     * @throws RedisUnavailableException if no command could be sent
     */
    Object[] execute(List<RoutedCall> routedCalls, int replicas, IntConsumer confirmed) {
        PipelineRouting pipelineRouting = new PipelineRouting(routedCalls);
        begin().run(pipelineRouting, this, replicas);
        if (replicas > 0) {
            confirmed.accept(pipelineRouting.replicasAcknowledged());
        }
        return pipelineRouting.replies();
    }

    /**
     * The replies to repeatable commands for one certain node, within the same time as an exchange.
     *
     * @throws RedisUnavailableException if there are none
     */
    Object[] executeOn(HostAndPort node, int database, List<CommandArguments> commands) {
        return begin().run(
                        () -> {
                            NodePipeline nodePipeline = new NodePipeline(node, homeDatabase, commands.size());
                            for (int i = 0; i < commands.size(); i++) {
                                nodePipeline.add(i, database, commands.get(i));
                            }
                            return nodePipeline;
                        },
                        commands.size(),
                        this);
    }

    private RedisExchange begin() {
        return new RedisExchange(
                homeDatabase, connectionBorrower, deadlineWatchdog, onFailure, Deadline.after(time, nanoTime));
    }

    /** The nodes that take writes. */
    Set<HostAndPort> masters(boolean reread) {
        RedisNodes current = current();
        if (reread) {
            await(current);
        }
        try {
            return new LinkedHashSet<>(current.masters());
        } catch (JedisException e) {
            throw ExceptionTranslator.thrown(e);
        }
    }

    /** Reads the slots again in a thread of ours, because it connects, and waits no longer than an exchange takes. */
    private void await(RedisNodes current) {
        try {
            CompletableFuture.runAsync(() -> current.refresh(null), connectionBorrower.executor())
                    .get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof JedisException jedis
                    ? ExceptionTranslator.thrown(jedis)
                    : new RedisUnavailableException(Reason.UNREACHABLE, "no connection to Redis", e.getCause());
        } catch (TimeoutException e) {
            throw new RedisUnavailableException(Reason.TIMEOUT, "Redis did not answer in time", e);
        } catch (RejectedExecutionException e) {
            throw new RedisUnavailableException(Reason.EXHAUSTED, "too many connections to Redis are being made", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisUnavailableException(Reason.TIMEOUT, "interrupted while Redis was asked for its nodes", e);
        }
    }

    /** @throws RedisUnavailableException before the first nodes were found */
    RedisNodes current() {
        RedisNodes current = redisNodes;
        if (current == null) {
            onFailure.run();
            throw new RedisUnavailableException(Reason.UNREACHABLE, "no connection to Redis yet", null);
        }
        return current;
    }

    /** Begins to use other nodes, and closes the ones before. */
    void use(RedisNodes fresh) {
        RedisNodes old = redisNodes;
        if (old != null) {
            for (RedisNode redisNode : old.used()) {
                if (redisNode.isSuspended()) {
                    fresh.node(redisNode.address()).suspend(); // until a probe finds it well
                }
            }
        }
        redisNodes = fresh;
        if (old != null) {
            old.close();
        }
        if (connectionBorrower.executor().isShutdown()) {
            close(); // that has come first
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
            old.end();
        }
    }
}
