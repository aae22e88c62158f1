package io.gatehouse.internal.redis.connect;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.RedisUnavailableException.Reason;
import io.gatehouse.internal.redis.Deadline;
import io.gatehouse.internal.redis.ExceptionTranslator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Runs the commands of one exchange in rounds until all are done, have failed, or the deadline is near. The node pipelines of
 * a round fail independently: a node that is down does not stop the others from replying.
 *
 * <p>A round first sends to every node that has an idle connection, then connects to the others, then reads all replies, so
 * that the nodes work in parallel. An interrupt does not end an exchange, which ends by its deadline; it is restored
 * afterwards. Not thread-safe.
 */
final class RedisExchange {
    private static final int SHORTEST_PAUSE_MILLIS = 2;
    private static final int LONGEST_PAUSE_MILLIS = 25;

    /** Nothing is retried if less time than this is left: running into the deadline then would be no evidence against the node. */
    private static final int LAST_ROUND_MILLIS = 25;

    private final int homeDatabase;
    private final ConnectionBorrower connectionBorrower;
    private final DeadlineWatchdog deadlineWatchdog;
    private final Runnable onFailure;
    private final Deadline deadline;
    private boolean interrupted;

    /** @param onFailure called when a node fails or is suspended; must not block */
    RedisExchange(
            int homeDatabase,
            ConnectionBorrower connectionBorrower,
            DeadlineWatchdog deadlineWatchdog,
            Runnable onFailure,
            Deadline deadline) {
        this.homeDatabase = homeDatabase;
        this.connectionBorrower = connectionBorrower;
        this.deadlineWatchdog = deadlineWatchdog;
        this.onFailure = onFailure;
        this.deadline = deadline;
    }

    /** Runs rounds until no command is open. */
    void run(PipelineRouting pipelineRouting, RedisExecutor redisExecutor, int replicas) {
        try {
            runRounds(pipelineRouting, redisExecutor, replicas);
        } finally {
            restoreInterrupt();
        }
    }

    private void runRounds(PipelineRouting pipelineRouting, RedisExecutor redisExecutor, int replicas) {
        int pause = SHORTEST_PAUSE_MILLIS;
        while (true) {
            RedisNodes redisNodes = redisExecutor.current();
            List<NodePipeline> nodePipelines = pipelineRouting.partitionByNode(redisNodes, homeDatabase, mayRetry());
            roundTrip(nodePipelines, redisNodes, replicas, pipelineRouting.replies(), pipelineRouting::isNodeFailure);
            for (int i = 0; i < nodePipelines.size(); i++) {
                pipelineRouting.collectRedirects(nodePipelines.get(i), redisNodes, mayRetry());
            }
            if (pipelineRouting.isDone()) {
                return;
            }
            if (pipelineRouting.mustPause()) {
                onFailure.run();
                pause(pause);
                pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
            }
            if (deadline.hasPassed()
                    || (pipelineRouting.mustPause() && deadline.remainingMillisOrOne() <= LAST_ROUND_MILLIS)) {
                pipelineRouting.giveUp();
                return;
            }
        }
    }

    /** Sends commands to one node, again if that fails and they are repeatable or were not sent. */
    Object[] run(HostAndPort node, List<? extends RoutedCommand> commands, RedisExecutor redisExecutor) {
        try {
            return runWithRetries(node, commands, redisExecutor);
        } finally {
            restoreInterrupt();
        }
    }

    private Object[] runWithRetries(
            HostAndPort node, List<? extends RoutedCommand> commands, RedisExecutor redisExecutor) {
        boolean repeatable = commands.stream().allMatch(RoutedCommand::repeatable);
        for (int attempt = 0; ; attempt++) {
            Object[] replies = new Object[commands.size()];
            NodePipeline nodePipeline = new NodePipeline(node, homeDatabase, commands.size());
            for (int i = 0; i < commands.size(); i++) {
                nodePipeline.add(i, commands.get(i), false);
            }
            roundTrip(
                    List.of(nodePipeline),
                    redisExecutor.current(),
                    0,
                    replies,
                    (i, error) -> commands.get(i).isNodeFailure(error));
            RedisUnavailableException fault = nodePipeline.fault();
            if (fault == null) {
                return replies;
            }
            boolean again = repeatable || !nodePipeline.isFlushed();
            if (!again || attempt == 2 || !mayRetry() || !PipelineRouting.isRetryable(fault)) {
                throw fault;
            }
            pause(SHORTEST_PAUSE_MILLIS << attempt);
        }
    }

    private void restoreInterrupt() {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean mayRetry() {
        return !deadline.isHalfPassed();
    }

    /** Decides whether an error reply at a position means that the whole node cannot work. */
    private interface NodeFailureTest {
        boolean test(int position, JedisDataException error);
    }

    private void roundTrip(
            List<NodePipeline> nodePipelines,
            RedisNodes redisNodes,
            int replicas,
            Object[] replies,
            NodeFailureTest isNodeFailure) {
        interrupted |= Thread.interrupted(); // an interrupt would close the sockets of a virtual thread
        try {
            for (int i = 0; i < nodePipelines.size(); i++) {
                attempt(Step.SEND_NOW, nodePipelines.get(i), redisNodes, replicas, replies, isNodeFailure);
            }
            for (int i = 0; i < nodePipelines.size(); i++) {
                attempt(Step.CONNECT_AND_SEND, nodePipelines.get(i), redisNodes, replicas, replies, isNodeFailure);
            }
            for (int i = 0; i < nodePipelines.size(); i++) {
                attempt(Step.READ, nodePipelines.get(i), redisNodes, replicas, replies, isNodeFailure);
            }
        } finally {
            for (int i = 0; i < nodePipelines.size(); i++) {
                release(nodePipelines.get(i));
            }
        }
    }

    /** The steps of a round. No functions, because each would be an object of every exchange. */
    private enum Step {
        /** Over an idle connection, if there is one. */
        SEND_NOW,
        CONNECT_AND_SEND,
        READ
    }

    private void attempt(
            Step step,
            NodePipeline nodePipeline,
            RedisNodes redisNodes,
            int replicas,
            Object[] replies,
            NodeFailureTest isNodeFailure) {
        if (nodePipeline.fault() != null) {
            return;
        }
        try {
            switch (step) {
                case SEND_NOW -> flushToIdleConnection(nodePipeline, redisNodes, replicas);
                case CONNECT_AND_SEND -> flushToNewConnection(nodePipeline, redisNodes, replicas);
                case READ -> readReplies(nodePipeline, redisNodes, replies, isNodeFailure);
            }
        } catch (RedisUnavailableException e) {
            failed(nodePipeline, redisNodes, e);
        } catch (JedisException e) {
            RedisUnavailableException fault = ExceptionTranslator.thrown(e);
            failed(
                    nodePipeline,
                    redisNodes,
                    fault.reason() == Reason.UNREACHABLE && deadline.hasPassed() // the watchdog closed it
                            ? new RedisUnavailableException(Reason.TIMEOUT, "Redis did not answer in time", e)
                            : fault);
        } catch (IllegalStateException e) { // the pool was closed by a change of nodes
            nodePipeline.failed(new RedisUnavailableException(Reason.UNREACHABLE, "no connection to Redis", e));
        }
    }

    static RedisUnavailableException suspended() {
        return new RedisUnavailableException(
                Reason.SUSPENDED, "Redis failed a moment ago; its circuit breaker is open", null);
    }

    private void flushToIdleConnection(NodePipeline nodePipeline, RedisNodes redisNodes, int replicas) {
        RedisNode redisNode = redisNodes.node(nodePipeline.node());
        if (redisNode.isSuspended()) {
            throw suspended();
        }
        NodeConnection idle = connectionBorrower.takeIdle(redisNode);
        if (idle != null) {
            flush(nodePipeline, idle, replicas);
        }
    }

    private void flushToNewConnection(NodePipeline nodePipeline, RedisNodes redisNodes, int replicas) {
        if (!nodePipeline.isFlushed()) {
            flush(nodePipeline, connectionBorrower.borrow(redisNodes.node(nodePipeline.node()), deadline), replicas);
        }
    }

    private void flush(NodePipeline nodePipeline, NodeConnection connection, int replicas) {
        nodePipeline.attach(connection);
        deadlineWatchdog.watch(connection, deadline);
        if (replicas > 0) {
            nodePipeline.waitForReplicas(replicas, deadline.remainingMillis() / 2);
        }
        nodePipeline.flush();
    }

    private void readReplies(
            NodePipeline nodePipeline, RedisNodes redisNodes, Object[] replies, NodeFailureTest isNodeFailure) {
        nodePipeline.readReplies(deadline, replies);
        RedisUnavailableException fault = nodeFailure(nodePipeline, replies, isNodeFailure);
        if (fault != null) {
            throw fault;
        }
        RedisNode redisNode = redisNodes.known(nodePipeline.node());
        if (redisNode != null) {
            redisNode.succeeded();
        }
    }

    /** Returns the first error reply that means a failure of the whole node, such as LOADING or READONLY, or null. */
    private static @Nullable RedisUnavailableException nodeFailure(
            NodePipeline nodePipeline, Object[] replies, NodeFailureTest isNodeFailure) {
        for (int at = 0; at < nodePipeline.size(); at++) {
            int i = nodePipeline.position(at);
            if (i >= 0
                    && replies[i] instanceof JedisDataException e
                    && isNodeFailure.test(i, e)
                    && ExceptionTranslator.replied(e) instanceof RedisUnavailableException fault) {
                return fault;
            }
        }
        return null;
    }

    /**
     * Records a failure. If a connection breaks on which an exchange succeeded before, that is no evidence against the node,
     * and the breaker does not count it; the next attempt shows whether the node is healthy.
     */
    private void failed(NodePipeline nodePipeline, RedisNodes redisNodes, RedisUnavailableException fault) {
        nodePipeline.failed(fault);
        RedisNode redisNode = redisNodes.known(nodePipeline.node());
        if (redisNode == null) {
            return; // it is no longer in use
        }
        NodeConnection connection = nodePipeline.connection();
        boolean broke = false;
        boolean counts = ExceptionTranslator.isServerFailure(fault.reason());
        if (connection != null && !nodePipeline.isComplete() && fault.reason() == Reason.UNREACHABLE) {
            broke = true;
            counts = !connection.isProven();
            if (!Thread.currentThread().isInterrupted()) {
                redisNode.lost(connection);
            }
        }
        if (counts) {
            redisNode.failed(fault);
        }
        if (counts || broke || fault.reason() == Reason.SUSPENDED) {
            onFailure.run();
        }
    }

    private void release(NodePipeline nodePipeline) {
        NodeConnection connection = nodePipeline.connection();
        if (connection != null) {
            deadlineWatchdog.release(connection);
        }
        nodePipeline.close();
    }

    private static void pause(int millis) {
        int half = Math.max(1, millis / 2);
        LockSupport.parkNanos(
                TimeUnit.MILLISECONDS.toNanos(half + ThreadLocalRandom.current().nextInt(half + 1)));
    }
}
