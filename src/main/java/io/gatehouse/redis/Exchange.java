package io.gatehouse.redis;

import io.gatehouse.redis.RedisUnavailable.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * One attempt of a server to do some commands, in rounds until all are done, have failed, or the deadline is near. Each leg of
 * a round fails alone: a node that is down does not keep the others from answering. Belongs to one thread, which may be
 * interrupted: it goes on until the same deadline.
 */
final class Exchange {
    private static final int SHORTEST_PAUSE_MILLIS = 2;
    private static final int LONGEST_PAUSE_MILLIS = 25;

    /** With less time than this left nothing is tried again: that it takes longer would say nothing of the node. */
    private static final int LAST_ROUND_MILLIS = 25;

    private final int homeDatabase;
    private final Connector connector;
    private final Watchdog watchdog;
    private final Runnable onFailure;
    private final Deadline deadline;
    private boolean interrupted;

    /** @param onFailure called when a node fails or is suspended; must not block */
    Exchange(int homeDatabase, Connector connector, Watchdog watchdog, Runnable onFailure, Deadline deadline) {
        this.homeDatabase = homeDatabase;
        this.connector = connector;
        this.watchdog = watchdog;
        this.onFailure = onFailure;
        this.deadline = deadline;
    }

    /** Sends what is open, until nothing is. */
    void run(Itinerary itinerary, Server server, int replicas) {
        try {
            runRounds(itinerary, server, replicas);
        } finally {
            restoreInterrupt();
        }
    }

    private void runRounds(Itinerary itinerary, Server server, int replicas) {
        int pause = SHORTEST_PAUSE_MILLIS;
        while (true) {
            Nodes nodes = server.current();
            List<Leg> legs = itinerary.legs(nodes, homeDatabase, mayRetry());
            travel(legs, nodes, replicas, itinerary.replies());
            for (int i = 0; i < legs.size(); i++) {
                itinerary.takeUp(legs.get(i), nodes, mayRetry());
            }
            if (itinerary.isOver()) {
                return;
            }
            if (itinerary.mustPause()) {
                onFailure.run();
                pause(pause);
                pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
            }
            if (deadline.isOver() || (itinerary.mustPause() && deadline.patienceMillis() <= LAST_ROUND_MILLIS)) {
                itinerary.giveUp();
                return;
            }
        }
    }

    /** Sends one leg, and again if it breaks; its commands must be repeatable. */
    Object[] run(Supplier<Leg> legs, int size, Server server) {
        try {
            return runLeg(legs, size, server);
        } finally {
            restoreInterrupt();
        }
    }

    private Object[] runLeg(Supplier<Leg> legs, int size, Server server) {
        for (int attempt = 0; ; attempt++) {
            Object[] replies = new Object[size];
            Leg leg = legs.get();
            travel(List.of(leg), server.current(), 0, replies);
            RedisUnavailable fault = leg.fault();
            if (fault == null) {
                return replies;
            }
            if (attempt == 2 || !mayRetry() || !Itinerary.isWorthAnotherTry(fault)) {
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
        return !deadline.isHalfOver();
    }

    private void travel(List<Leg> legs, Nodes nodes, int replicas, Object[] replies) {
        interrupted |= Thread.interrupted(); // it would close the sockets of a virtual thread
        try {
            for (int i = 0; i < legs.size(); i++) {
                attempt(legs.get(i), nodes, leg -> departIdle(leg, nodes, replicas));
            }
            for (int i = 0; i < legs.size(); i++) {
                attempt(legs.get(i), nodes, leg -> departConnecting(leg, nodes, replicas));
            }
            for (int i = 0; i < legs.size(); i++) {
                attempt(legs.get(i), nodes, leg -> arrive(leg, nodes, replies));
            }
        } finally {
            for (int i = 0; i < legs.size(); i++) {
                release(legs.get(i));
            }
        }
    }

    private interface Step {
        void take(Leg leg);
    }

    private void attempt(Leg leg, Nodes nodes, Step step) {
        if (leg.fault() != null) {
            return;
        }
        try {
            step.take(leg);
        } catch (RedisUnavailable e) {
            failed(leg, nodes, e);
        } catch (JedisException e) {
            RedisUnavailable fault = Faults.thrown(e);
            failed(
                    leg,
                    nodes,
                    fault.reason() == Reason.UNREACHABLE && deadline.isOver() // the watchdog cut it
                            ? new RedisUnavailable(Reason.TIMEOUT, "Redis did not answer in time", e)
                            : fault);
        } catch (IllegalStateException e) { // the pool was closed by a change of nodes
            leg.failed(new RedisUnavailable(Reason.UNREACHABLE, "no connection to Redis", e));
        }
    }

    private void departIdle(Leg leg, Nodes nodes, int replicas) {
        Node node = nodes.node(leg.node());
        if (node.isSuspended()) {
            throw new RedisUnavailable(Reason.SUSPENDED, "Redis failed a moment ago and is not asked now", null);
        }
        NodeConnection idle = connector.takeIdle(node);
        if (idle != null) {
            depart(leg, idle, replicas);
        }
    }

    private void departConnecting(Leg leg, Nodes nodes, int replicas) {
        if (!leg.hasDeparted()) {
            depart(leg, connector.borrow(nodes.node(leg.node()), deadline), replicas);
        }
    }

    private void depart(Leg leg, NodeConnection connection, int replicas) {
        leg.board(connection);
        watchdog.watch(connection, deadline);
        if (replicas > 0) {
            leg.confirm(replicas, deadline.remainingMillis() / 2);
        }
        leg.depart();
    }

    private void arrive(Leg leg, Nodes nodes, Object[] replies) {
        leg.arrive(deadline, replies);
        RedisUnavailable fault = faultOfNode(leg, replies);
        if (fault != null) {
            throw fault;
        }
        Node node = nodes.known(leg.node());
        if (node != null) {
            node.succeeded();
        }
    }

    /** A reply such as LOADING or READONLY speaks for the whole node. */
    private static @Nullable RedisUnavailable faultOfNode(Leg leg, Object[] replies) {
        List<RedisUnavailable> faults = new ArrayList<>(0);
        leg.forEachPosition(i -> {
            if (replies[i] instanceof JedisDataException e
                    && Faults.isOfNode(e)
                    && Faults.replied(e) instanceof RedisUnavailable fault) {
                faults.add(fault);
            }
        });
        return faults.isEmpty() ? null : faults.get(0);
    }

    /**
     * A connection that had worked and broke says nothing of the node, whatever cut it; the next attempt shows whether the
     * node is well.
     */
    private void failed(Leg leg, Nodes nodes, RedisUnavailable fault) {
        leg.failed(fault);
        Node node = nodes.known(leg.node());
        if (node == null) {
            return; // it is not in use any more
        }
        NodeConnection connection = leg.connection();
        boolean broke = false;
        boolean counts = Faults.isServerFailure(fault.reason());
        if (connection != null && !leg.hasArrived() && fault.reason() == Reason.UNREACHABLE) {
            broke = true;
            counts = !connection.isProven();
            if (!Thread.currentThread().isInterrupted()) {
                node.lost(connection);
            }
        }
        if (counts) {
            node.failed(fault);
        }
        if (counts || broke || fault.reason() == Reason.SUSPENDED) {
            onFailure.run();
        }
    }

    private void release(Leg leg) {
        NodeConnection connection = leg.connection();
        if (connection != null) {
            watchdog.release(connection);
        }
        leg.close();
    }

    private static void pause(int millis) {
        int half = Math.max(1, millis / 2);
        LockSupport.parkNanos(
                TimeUnit.MILLISECONDS.toNanos(half + ThreadLocalRandom.current().nextInt(half + 1)));
    }
}
