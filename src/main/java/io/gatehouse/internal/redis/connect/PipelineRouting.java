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
 * Where each command of an exchange has to go next, and in which form: usually once to the node of its slot; again with its
 * whole text after {@code NOSCRIPT}; again, until the deadline, after {@code MOVED}, {@code ASK} or {@code TRYAGAIN} (Redis
 * Cluster specification, "Redirection and resharding"); a few times after a fault, if it may run twice or has not run.
 */
final class PipelineRouting {
    private static final int MOST_RETRIES = 2;

    private final List<RoutedCall> routedCalls;
    private final Object[] replies;
    private final boolean[] open;
    private final boolean[] byText;
    private final int[] retries;
    private final int[] redirections;
    private final @Nullable HostAndPort[] asked;
    private int replicasAcknowledged = Integer.MAX_VALUE;
    private boolean sentTwice;
    private boolean mustPause;

    PipelineRouting(List<RoutedCall> routedCalls) {
        this.routedCalls = routedCalls;
        this.replies = new Object[routedCalls.size()];
        this.open = new boolean[routedCalls.size()];
        this.byText = new boolean[routedCalls.size()];
        this.retries = new int[routedCalls.size()];
        this.redirections = new int[routedCalls.size()];
        this.asked = new HostAndPort[routedCalls.size()];
        Arrays.fill(open, true);
    }

    /** For each command what Redis replied, or why there is no reply as a {@link RedisUnavailableException}. */
    Object[] replies() {
        return replies;
    }

    /**
     * How many replicas have all of it, the fewest of any node. None if a command was sent twice: what the first connection
     * wrote is not what the second waited for.
     */
    int replicasAcknowledged() {
        return sentTwice || replicasAcknowledged == Integer.MAX_VALUE ? 0 : replicasAcknowledged;
    }

    boolean isDone() {
        for (boolean one : open) {
            if (one) {
                return false;
            }
        }
        return true;
    }

    /** Whether the next round needs a moment, because something is being repaired or moved. */
    boolean mustPause() {
        return mustPause;
    }

    /** The next round, one leg for each node. Commands whose slot has no node are taken up at once. */
    List<NodePipeline> partitionByNode(RedisNodes redisNodes, int homeDatabase, boolean mayRetry) {
        mustPause = false;
        List<NodePipeline> nodePipelines = new ArrayList<>(1);
        for (int i = 0; i < open.length; i++) {
            if (open[i]) {
                RoutedCall routedCall = routedCalls.get(i);
                HostAndPort target = asked[i];
                HostAndPort node;
                try {
                    node = target != null ? target : redisNodes.nodeFor(routedCall.key());
                } catch (JedisException e) {
                    failed(i, ExceptionTranslator.thrown(e), false, mayRetry);
                    continue;
                }
                NodePipeline nodePipeline = nodePipeline(nodePipelines, node, homeDatabase);
                if (target != null) {
                    nodePipeline.addAsking();
                }
                nodePipeline.add(i, routedCall.database(), routedCall.arguments(byText[i]));
            }
        }
        return nodePipelines;
    }

    private NodePipeline nodePipeline(List<NodePipeline> nodePipelines, HostAndPort node, int homeDatabase) {
        for (int i = 0; i < nodePipelines.size(); i++) {
            if (nodePipelines.get(i).node().equals(node)) {
                return nodePipelines.get(i);
            }
        }
        NodePipeline nodePipeline = new NodePipeline(node, homeDatabase, routedCalls.size());
        nodePipelines.add(nodePipeline);
        return nodePipeline;
    }

    /**
     * Reads from what became of a leg which of its commands have to go again.
     *
     * @param mayRetry whether there is time to try again after a fault
     */
    void collectRedirects(NodePipeline nodePipeline, RedisNodes redisNodes, boolean mayRetry) {
        RedisUnavailableException fault = nodePipeline.fault();
        if (fault == null) {
            replicasAcknowledged = Math.min(replicasAcknowledged, nodePipeline.replicasAcknowledged());
        }
        nodePipeline.forEachPosition(i -> {
            if (fault != null) {
                failed(i, fault, nodePipeline.isFlushed(), mayRetry);
            } else {
                replied(i, redisNodes, mayRetry);
            }
        });
    }

    private void replied(int i, RedisNodes redisNodes, boolean mayRetry) {
        HostAndPort target = asked[i];
        asked[i] = null;
        if (!(replies[i] instanceof JedisDataException error)) {
            open[i] = false;
        } else if (error instanceof JedisNoScriptException) {
            byText[i] = true;
            asked[i] = target;
        } else if (error instanceof JedisAskDataException ask) {
            asked[i] = ask.getTargetNode();
            mustPause |= redirections[i]++ > 1;
        } else if (error instanceof JedisMovedDataException moved) {
            redisNodes.moved(moved.getSlot(), moved.getTargetNode());
            mustPause |= redirections[i]++ > 1; // two nodes that name each other, until both know
        } else if (ExceptionTranslator.isOfSlot(error)) {
            mustPause = true;
            open[i] = ExceptionTranslator.isTryAgain(error)
                    || (mayRetry && routedCalls.get(i).call().repeatable() && retries[i]++ < MOST_RETRIES);
        } else {
            open[i] = false;
        }
    }

    private void failed(int i, RedisUnavailableException fault, boolean sent, boolean mayRetry) {
        boolean again = mayRetry
                && isWorthAnotherTry(fault)
                && (!sent || routedCalls.get(i).call().repeatable())
                && retries[i]++ < MOST_RETRIES;
        asked[i] = null;
        if (again) {
            sentTwice |= sent;
            mustPause = true;
        } else {
            boolean moving = fault.reason() == Reason.TIMEOUT && replies[i] instanceof JedisDataException;
            replies[i] = moving ? ExceptionTranslator.replied((JedisDataException) replies[i]) : fault;
            open[i] = false;
        }
    }

    static boolean isWorthAnotherTry(RedisUnavailableException fault) {
        return fault.reason() == Reason.UNREACHABLE || fault.reason() == Reason.BUSY;
    }

    /** Ends what is still open: there is no time for another round. */
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
