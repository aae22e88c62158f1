package io.gatehouse.redis;

import io.gatehouse.redis.RedisUnavailable.Reason;
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
final class Itinerary {
    private static final int MOST_RETRIES = 2;

    private final List<Command> commands;
    private final Object[] replies;
    private final boolean[] open;
    private final boolean[] byText;
    private final int[] retries;
    private final int[] redirections;
    private final @Nullable HostAndPort[] asked;
    private int confirmations = Integer.MAX_VALUE;
    private boolean sentTwice;
    private boolean mustPause;

    Itinerary(List<Command> commands) {
        this.commands = commands;
        this.replies = new Object[commands.size()];
        this.open = new boolean[commands.size()];
        this.byText = new boolean[commands.size()];
        this.retries = new int[commands.size()];
        this.redirections = new int[commands.size()];
        this.asked = new HostAndPort[commands.size()];
        Arrays.fill(open, true);
    }

    /** For each command what Redis replied, or why there is no reply as a {@link RedisUnavailable}. */
    Object[] replies() {
        return replies;
    }

    /**
     * How many replicas have all of it, the fewest of any node. None if a command was sent twice: what the first connection
     * wrote is not what the second waited for.
     */
    int confirmations() {
        return sentTwice || confirmations == Integer.MAX_VALUE ? 0 : confirmations;
    }

    boolean isOver() {
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
    List<Leg> legs(Nodes nodes, int homeDatabase, boolean mayRetry) {
        mustPause = false;
        List<Leg> legs = new ArrayList<>(1);
        for (int i = 0; i < open.length; i++) {
            if (open[i]) {
                Command command = commands.get(i);
                HostAndPort target = asked[i];
                HostAndPort node;
                try {
                    node = target != null ? target : nodes.nodeFor(command.key());
                } catch (JedisException e) {
                    failed(i, Faults.thrown(e), false, mayRetry);
                    continue;
                }
                Leg leg = leg(legs, node, homeDatabase);
                if (target != null) {
                    leg.addAsking();
                }
                leg.add(i, command.database(), command.arguments(byText[i]));
            }
        }
        return legs;
    }

    private Leg leg(List<Leg> legs, HostAndPort node, int homeDatabase) {
        for (int i = 0; i < legs.size(); i++) {
            if (legs.get(i).node().equals(node)) {
                return legs.get(i);
            }
        }
        Leg leg = new Leg(node, homeDatabase, commands.size());
        legs.add(leg);
        return leg;
    }

    /**
     * Reads from what became of a leg which of its commands have to go again.
     *
     * @param mayRetry whether there is time to try again after a fault
     */
    void takeUp(Leg leg, Nodes nodes, boolean mayRetry) {
        RedisUnavailable fault = leg.fault();
        if (fault == null) {
            confirmations = Math.min(confirmations, leg.confirmations());
        }
        leg.forEachPosition(i -> {
            if (fault != null) {
                failed(i, fault, leg.hasDeparted(), mayRetry);
            } else {
                replied(i, nodes, mayRetry);
            }
        });
    }

    private void replied(int i, Nodes nodes, boolean mayRetry) {
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
            nodes.moved(moved.getSlot(), moved.getTargetNode());
            mustPause |= redirections[i]++ > 1; // two nodes that name each other, until both know
        } else if (Faults.isOfSlot(error)) {
            mustPause = true;
            open[i] = Faults.isTryAgain(error)
                    || (mayRetry && commands.get(i).call().repeatable() && retries[i]++ < MOST_RETRIES);
        } else {
            open[i] = false;
        }
    }

    private void failed(int i, RedisUnavailable fault, boolean sent, boolean mayRetry) {
        boolean again = mayRetry
                && isWorthAnotherTry(fault)
                && (!sent || commands.get(i).call().repeatable())
                && retries[i]++ < MOST_RETRIES;
        asked[i] = null;
        if (again) {
            sentTwice |= sent;
            mustPause = true;
        } else {
            boolean moving = fault.reason() == Reason.TIMEOUT && replies[i] instanceof JedisDataException;
            replies[i] = moving ? Faults.replied((JedisDataException) replies[i]) : fault;
            open[i] = false;
        }
    }

    static boolean isWorthAnotherTry(RedisUnavailable fault) {
        return fault.reason() == Reason.UNREACHABLE || fault.reason() == Reason.BUSY;
    }

    /** Ends what is still open: there is no time for another round. */
    void giveUp() {
        for (int i = 0; i < open.length; i++) {
            if (open[i]) {
                open[i] = false;
                replies[i] = replies[i] instanceof JedisDataException error
                        ? Faults.replied(error)
                        : new RedisUnavailable(Reason.TIMEOUT, "Redis did not answer in time", null);
            }
        }
    }
}
