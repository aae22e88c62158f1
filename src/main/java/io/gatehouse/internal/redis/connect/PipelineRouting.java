package io.gatehouse.internal.redis.connect;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.RedisUnavailableException.Reason;
import io.gatehouse.internal.redis.ExceptionTranslator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisAskDataException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisMovedDataException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * Decides where each command of an exchange goes next, and in which form. Usually a command goes once to the node of its
 * slot. It is sent again
 *
 * <ul>
 * <li>with its full text after {@code NOSCRIPT};
 * <li>until the deadline after {@code MOVED}, {@code ASK} or {@code TRYAGAIN} (Redis Cluster specification, "Redirection and
 *     resharding");
 * <li>at most twice after a failure, if it is repeatable or was not sent.
 * </ul>
 *
 * <p>Not thread-safe.
 */
final class PipelineRouting {
    private static final int MAX_RETRIES = 2;

    private final List<? extends RoutedCommand> commands;
    private final Object[] replies;
    private final boolean[] open;
    /** What happened to each command that is sent again; null while no command is. */
    private @Nullable Again @Nullable [] again;

    private int replicasAcknowledged = Integer.MAX_VALUE;
    private boolean sentTwice;
    private boolean mustPause;
    private @Nullable HostAndPort node;
    private boolean severalNodes;

    PipelineRouting(List<? extends RoutedCommand> commands) {
        this.commands = commands;
        this.replies = new Object[commands.size()];
        this.open = new boolean[commands.size()];
        Arrays.fill(open, true);
    }

    /** The state of a command that is sent again. */
    private static final class Again {
        boolean byText;
        int retries;
        int redirections;

        @Nullable
        HostAndPort redirectedTo;
    }

    private @Nullable Again known(int i) {
        return again == null ? null : again[i];
    }

    private Again again(int i) {
        if (again == null) {
            again = new Again[open.length];
        }
        Again known = again[i];
        if (known == null) {
            known = new Again();
            again[i] = known;
        }
        return known;
    }

    /** Returns the reply to each command: what Redis replied, or a {@link RedisUnavailableException} that says why there is no reply. */
    Object[] replies() {
        return replies;
    }

    /**
     * Returns how many replicas acknowledged all writes, the smallest number of any node. Returns 0 if a command was sent
     * twice, because {@code WAIT} on the second connection does not cover what the first one wrote.
     */
    int replicasAcknowledged() {
        return sentTwice || replicasAcknowledged == Integer.MAX_VALUE ? 0 : replicasAcknowledged;
    }

    /** Returns the only node that was involved, or null if there were several or none. */
    @Nullable
    HostAndPort node() {
        return severalNodes ? null : node;
    }

    boolean isDone() {
        for (boolean one : open) {
            if (one) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether an error reply means that the whole node cannot work. */
    boolean isNodeFailure(int i, JedisDataException error) {
        return commands.get(i).isNodeFailure(error);
    }

    /** Returns whether the next round needs a pause, because a node is failing or a slot is being migrated. */
    boolean mustPause() {
        return mustPause;
    }

    /** Returns the pipelines of the next round, one for each node. A command whose slot has no node fails or is retried later. */
    List<NodePipeline> partitionByNode(RedisNodes redisNodes, int homeDatabase, boolean mayRetry) {
        mustPause = false;
        List<NodePipeline> nodePipelines = new ArrayList<>(1);
        for (int i = 0; i < open.length; i++) {
            if (open[i]) {
                RoutedCommand command = commands.get(i);
                Again before = known(i);
                HostAndPort target = before == null ? null : before.redirectedTo;
                HostAndPort node;
                try {
                    node = target != null ? target : node(redisNodes, command.key());
                } catch (JedisException e) {
                    failed(i, ExceptionTranslator.thrown(e), false, mayRetry);
                    continue;
                }
                NodePipeline nodePipeline = nodePipeline(nodePipelines, node, homeDatabase);
                if (target != null) {
                    nodePipeline.addAsking();
                }
                nodePipeline.add(i, command, before != null && before.byText);
            }
        }
        return nodePipelines;
    }

    private static HostAndPort node(RedisNodes redisNodes, byte @Nullable [] key) {
        return key == null ? redisNodes.anyMaster() : redisNodes.nodeFor(key);
    }

    private NodePipeline nodePipeline(List<NodePipeline> nodePipelines, HostAndPort node, int homeDatabase) {
        for (int i = 0; i < nodePipelines.size(); i++) {
            if (nodePipelines.get(i).node().equals(node)) {
                return nodePipelines.get(i);
            }
        }
        severalNodes |= this.node != null && !node.equals(this.node);
        this.node = node;
        NodePipeline nodePipeline = new NodePipeline(node, homeDatabase, commands.size());
        nodePipelines.add(nodePipeline);
        return nodePipeline;
    }

    /**
     * Reads the replies of a pipeline and decides which of its commands are sent again.
     *
     * @param mayRetry whether there is time for a retry after a failure
     */
    void collectRedirects(NodePipeline nodePipeline, RedisNodes redisNodes, boolean mayRetry) {
        RedisUnavailableException fault = nodePipeline.fault();
        if (fault == null) {
            replicasAcknowledged = Math.min(replicasAcknowledged, nodePipeline.replicasAcknowledged());
        }
        for (int at = 0; at < nodePipeline.size(); at++) {
            int i = nodePipeline.position(at);
            if (i >= 0 && fault != null) {
                failed(i, fault, nodePipeline.isFlushed(), mayRetry);
            } else if (i >= 0) {
                replied(i, redisNodes, mayRetry);
            }
        }
    }

    private void replied(int i, RedisNodes redisNodes, boolean mayRetry) {
        if (replies[i] instanceof JedisDataException error) {
            refused(i, error, again(i), redisNodes, mayRetry);
        } else {
            open[i] = false;
        }
    }

    private void refused(int i, JedisDataException error, Again state, RedisNodes redisNodes, boolean mayRetry) {
        HostAndPort target = state.redirectedTo;
        state.redirectedTo = null;
        if (error instanceof JedisNoScriptException
                && !state.byText
                && commands.get(i).hasText()) {
            state.byText = true;
            state.redirectedTo = target;
        } else if (error instanceof JedisAskDataException ask) {
            state.redirectedTo = ask.getTargetNode();
            mustPause |= state.redirections++ > 1;
        } else if (error instanceof JedisMovedDataException moved) {
            redisNodes.moved(moved.getSlot(), moved.getTargetNode());
            state.redirectedTo = commands.get(i).key() == null ? moved.getTargetNode() : null;
            mustPause |= state.redirections++ > 1; // during a migration two nodes may redirect to each other
        } else if (ExceptionTranslator.isSlotUnavailable(error)) {
            mustPause = true;
            open[i] = ExceptionTranslator.isTryAgain(error)
                    || (mayRetry && commands.get(i).repeatable() && state.retries++ < MAX_RETRIES);
        } else {
            open[i] = false;
        }
    }

    private void failed(int i, RedisUnavailableException fault, boolean sent, boolean mayRetry) {
        Again state = again(i);
        state.redirectedTo = null;
        if (mayRetry
                && isRetryable(fault)
                && (!sent || commands.get(i).repeatable())
                && state.retries++ < MAX_RETRIES) {
            sentTwice |= sent;
            mustPause = true;
        } else {
            boolean moving = fault.reason() == Reason.TIMEOUT && replies[i] instanceof JedisDataException;
            replies[i] = moving ? ExceptionTranslator.replied((JedisDataException) replies[i]) : fault;
            open[i] = false;
        }
    }

    static boolean isRetryable(RedisUnavailableException fault) {
        return fault.reason() == Reason.UNREACHABLE || fault.reason() == Reason.BUSY;
    }

    /** Fails the commands that are still open, because no time is left for another round. */
    void giveUp() {
        for (int i = 0; i < open.length; i++) {
            if (open[i]) {
                open[i] = false;
                replies[i] = replies[i] instanceof JedisDataException error
                        ? ExceptionTranslator.replied(error)
                        : new RedisUnavailableException(Reason.TIMEOUT, "Redis did not answer in time", null);
            }
        }
    }
}
