package io.gatehouse.redis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisAskDataException;
import redis.clients.jedis.exceptions.JedisMovedDataException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * Where each command of an exchange has to go next, and in which form: usually once to the node of its slot; again with its
 * whole text after {@code NOSCRIPT}, again to another node after {@code MOVED} or {@code ASK} (Redis Cluster specification,
 * "Redirection and resharding").
 */
final class Itinerary {
    private final List<Command> commands;
    private final Object[] replies;
    private final boolean[] open;
    private final boolean[] byText;
    private final @Nullable HostAndPort[] asked;
    private int confirmations = Integer.MAX_VALUE;
    private boolean misled;

    Itinerary(List<Command> commands) {
        this.commands = commands;
        this.replies = new Object[commands.size()];
        this.open = new boolean[commands.size()];
        this.byText = new boolean[commands.size()];
        this.asked = new HostAndPort[commands.size()];
        Arrays.fill(open, true);
    }

    Object[] replies() {
        return replies;
    }

    /** On how many replicas all of it is, the fewest of any leg. */
    int confirmations() {
        return confirmations;
    }

    void confirmed(int count) {
        confirmations = Math.min(confirmations, count);
    }

    boolean isOver() {
        for (boolean one : open) {
            if (one) {
                return false;
            }
        }
        return true;
    }

    /** Whether the last round went to a node that has not the slot any more. */
    boolean wasMisled() {
        return misled;
    }

    /** The next round, one leg for each node. */
    List<Leg> legs(Nodes nodes, int homeDatabase) {
        List<Leg> legs = new ArrayList<>(1);
        for (int i = 0; i < open.length; i++) {
            if (open[i]) {
                Command command = commands.get(i);
                HostAndPort target = asked[i];
                HostAndPort node = target != null ? target : nodes.nodeFor(command.key());
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

    /** Reads from the replies which commands have to go again. */
    void takeUp() {
        misled = false;
        for (int i = 0; i < open.length; i++) {
            if (!open[i]) {
                continue;
            }
            if (replies[i] instanceof JedisNoScriptException) {
                byText[i] = true;
            } else if (replies[i] instanceof JedisAskDataException ask) {
                asked[i] = ask.getTargetNode();
            } else if (replies[i] instanceof JedisMovedDataException) {
                asked[i] = null;
                misled = true;
            } else {
                open[i] = false;
            }
        }
    }
}
