package io.gatehouse.internal.redis.connect;

import io.gatehouse.GatehouseException;
import io.gatehouse.RedisPurpose;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.RedisUnavailableException.Reason;
import io.gatehouse.internal.redis.RedisObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisMovedDataException;

/**
 * Sends the application's own commands to the server of one purpose, over the connections, circuit breakers and deadlines
 * that Gatehouse uses itself. Each exchange is reported to the observer as the operation {@link #OPERATION}. Thread-safe.
 */
public final class ApplicationCommands {
    /** The operation in metrics. The command itself is no label, because an application chooses it. */
    public static final String OPERATION = "application";

    private final RedisPurpose redisPurpose;
    private final RedisExecutor redisExecutor;
    private final int database;
    private final boolean cluster;
    private final Duration deadline;
    private final RedisObserver observer;
    private final Semaphore ownConnections;
    private final int mostOwnConnections;

    /** @param mostOwnConnections how many connections outside of the pools may be open at once */
    ApplicationCommands(
            RedisPurpose redisPurpose,
            RedisExecutor redisExecutor,
            int database,
            boolean cluster,
            Duration deadline,
            RedisObserver observer,
            int mostOwnConnections) {
        this.redisPurpose = redisPurpose;
        this.redisExecutor = redisExecutor;
        this.database = database;
        this.cluster = cluster;
        this.deadline = deadline;
        this.observer = observer;
        this.ownConnections = new Semaphore(mostOwnConnections);
        this.mostOwnConnections = mostOwnConnections;
    }

    /**
     * A command of the application.
     *
     * @param key the first key, or null if any master can run the command
     * @param repeatable whether it may be sent again although it may have run
     */
    public record Command(CommandArguments arguments, byte @Nullable [] key, boolean repeatable) {}

    /** Returns whether the server is a cluster. */
    public boolean isCluster() {
        return cluster;
    }

    /** Returns the time limit of one exchange. */
    public Duration deadline() {
        return deadline;
    }

    /**
     * Sends commands in one exchange and returns the reply to each: an exception of Jedis for a command that Redis refused,
     * a {@link RedisUnavailableException} for a command without reply.
     *
     * @throws RedisUnavailableException if no command could be sent
     */
    public Object[] execute(List<Command> commands) {
        return observed(() -> {
            PipelineRouting pipelineRouting = new PipelineRouting(routed(commands));
            redisExecutor.execute(pipelineRouting, 0);
            return pipelineRouting.replies();
        });
    }

    /**
     * Sends commands to one node in one exchange and returns the replies.
     *
     * @throws RedisUnavailableException if there are no replies
     */
    public Object[] executeOn(HostAndPort node, List<Command> commands) {
        return observed(() -> redisExecutor.executeOn(node, routed(commands)));
    }

    private List<NativeCommand> routed(List<Command> commands) {
        List<NativeCommand> routed = new ArrayList<>(commands.size());
        for (Command command : commands) {
            routed.add(new NativeCommand(command.arguments(), command.key(), database, command.repeatable(), true));
        }
        return routed;
    }

    private Object[] observed(Supplier<Object[]> exchange) {
        long start = System.nanoTime();
        GatehouseException fault = null;
        try {
            Object[] replies = exchange.get();
            for (int i = 0; i < replies.length && fault == null; i++) {
                fault = replies[i] instanceof GatehouseException failed ? failed : null;
            }
            return replies;
        } catch (GatehouseException e) {
            fault = e;
            throw e;
        } finally {
            PipelineSender.notifyObserver(observer, redisPurpose, OPERATION, System.nanoTime() - start, fault);
        }
    }

    /**
     * Returns the masters.
     *
     * @throws RedisUnavailableException if none was found yet
     */
    public Set<HostAndPort> masters() {
        return redisExecutor.masters(false);
    }

    /**
     * Returns the node that serves a key, or any master if the key is null.
     *
     * @throws RedisUnavailableException if none was found yet
     */
    public HostAndPort nodeFor(byte @Nullable [] key) {
        return redisExecutor.nodeFor(key);
    }

    /** Records the new node of a slot, as a {@code MOVED} reply named it. */
    public void moved(JedisMovedDataException reply) {
        redisExecutor.current().moved(reply.getSlot(), reply.getTargetNode());
    }

    /**
     * Opens a connection outside of the pools, in the database of the purpose. Its reads end after the time limit of one
     * exchange, if the caller does not change that. The caller must close it.
     *
     * @throws RedisUnavailableException if the node cannot be reached in time, or if too many such connections are open
     */
    public Connection open(HostAndPort node) {
        if (!ownConnections.tryAcquire()) {
            throw new RedisUnavailableException(
                    Reason.EXHAUSTED,
                    "the application holds " + mostOwnConnections + " connections of its own to Redis for "
                            + redisPurpose.label()
                            + " (blocking commands, subscriptions, WATCH), which is the limit;"
                            + " close some, or raise REDIS_CONNECTION_POOL_SIZE",
                    null);
        }
        boolean opened = false;
        try {
            OwnConnection connection = redisExecutor.openOwn(node, database, ownConnections::release);
            opened = true;
            return connection;
        } finally {
            if (!opened) {
                ownConnections.release();
            }
        }
    }
}
