package io.gatehouse.redis;

import dev.failsafe.CircuitBreaker;
import dev.failsafe.CircuitBreakerOpenException;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import io.gatehouse.redis.RedisUnavailable.Reason;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.Pool;

/**
 * One server, master or cluster, as its purposes share it: it sends commands within a deadline, tries again what may be
 * tried again, and stops asking while the server is known to fail.
 *
 * <p>Commands: {@code EVALSHA}, {@code EVAL} after {@code NOSCRIPT}, {@code MGET}, {@code SELECT} around calls for a database other than
 * the home one, {@code ASKING} for a slot that is on its way to another node, {@code WAIT} where replicas are to confirm.
 */
final class Server implements AutoCloseable {
    private static final int MOST_ROUNDS = 4;
    private static final Duration BREAKER_DELAY = Duration.ofSeconds(10);

    private final int homeDatabase;
    private final Duration time;
    private final Connector connector;
    private final Watchdog watchdog;
    private final Runnable onFailure;
    private final LongSupplier nanoTime;
    private final CircuitBreaker<Object[]> breaker;
    private final FailsafeExecutor<Object[]> once;
    private final FailsafeExecutor<Object[]> again;
    private volatile @Nullable Nodes nodes;

    /** @param onFailure told when the breaker counted a failure; must not block */
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
        this.breaker = CircuitBreaker.<Object[]>builder()
                .handleIf(Server::isServerFailure)
                .withFailureThreshold(5, 10)
                .withDelay(BREAKER_DELAY) // the health probe closes it much sooner
                .build();
        RetryPolicy<Object[]> retry = RetryPolicy.<Object[]>builder()
                .handleIf(Server::isWorthAnotherTry)
                .withMaxRetries(2)
                .withDelay(Duration.ofMillis(5), Duration.ofMillis(25))
                .withMaxDuration(time.dividedBy(2))
                .build();
        this.once = Failsafe.with(breaker);
        this.again = Failsafe.with(retry).compose(breaker);
    }

    /**
     * The reply of each command: an exception of Jedis for a command that failed alone, and {@link RedisUnavailable} for one
     * that may have run and must not run twice, where the others were sent again.
     *
     * @param replicas how many replicas of every node are to confirm what the commands write, 0 for not to wait
     * @param confirmed told how many have, if they were asked
     * @throws RedisUnavailable if the exchange as a whole failed
     */
    Object[] exchange(List<Command> commands, int replicas, IntConsumer confirmed) {
        Deadline deadline = Deadline.in(time, nanoTime);
        int repeatable = repeatable(commands);
        return guarded(() -> {
            if (repeatable == commands.size()) {
                return again.get(() -> attempt(commands, replicas, confirmed, deadline));
            }
            try {
                return once.get(() -> attempt(commands, replicas, confirmed, deadline));
            } catch (RedisUnavailable e) {
                if (repeatable == 0 || !isWorthAnotherTry(e)) {
                    throw e;
                }
                List<Command> rest = commands.stream()
                        .filter(command -> command.call().repeatable())
                        .toList();
                return merged(commands, again.get(() -> attempt(rest, replicas, confirmed, deadline)), e);
            }
        });
    }

    /**
     * The replies to repeatable commands for one certain node, within the same time as an exchange.
     *
     * @throws RedisUnavailable as {@link #exchange}
     */
    Object[] step(HostAndPort node, int database, List<CommandArguments> commands) {
        Deadline deadline = Deadline.in(time, nanoTime);
        return guarded(() -> again.get(() -> {
            Object[] replies = new Object[commands.size()];
            Nodes current = current();
            Leg leg = new Leg(node, homeDatabase, replies.length);
            for (int i = 0; i < replies.length; i++) {
                leg.add(i, database, commands.get(i));
            }
            translating(current, deadline, () -> travel(List.of(leg), current, 0, replies, deadline));
            throwServerFailure(replies);
            return replies;
        }));
    }

    /** The nodes that take writes, asked anew where they may have changed. */
    Set<HostAndPort> masters(boolean anew) {
        Deadline deadline = Deadline.in(time, nanoTime);
        Nodes current = current();
        Set<HostAndPort> masters = new LinkedHashSet<>();
        translating(current, deadline, () -> {
            if (anew) {
                current.refresh();
            }
            masters.addAll(current.masters());
        });
        return masters;
    }

    private Object[] guarded(Supplier<Object[]> work) {
        try {
            return work.get();
        } catch (CircuitBreakerOpenException e) {
            throw new RedisUnavailable(Reason.SUSPENDED, "Redis failed a moment ago and is not asked now", e);
        } catch (RedisUnavailable e) {
            if (isServerFailure(e)) {
                onFailure.run();
            }
            throw e;
        }
    }

    private static int repeatable(List<Command> commands) {
        int count = 0;
        for (int i = 0; i < commands.size(); i++) {
            if (commands.get(i).call().repeatable()) {
                count++;
            }
        }
        return count;
    }

    private static boolean isWorthAnotherTry(Throwable fault) {
        return fault instanceof RedisUnavailable unavailable
                && (unavailable.reason() == Reason.UNREACHABLE || unavailable.reason() == Reason.BUSY);
    }

    private static Object[] merged(List<Command> commands, Object[] repeated, RedisUnavailable fault) {
        Object[] replies = new Object[commands.size()];
        int next = 0;
        for (int i = 0; i < replies.length; i++) {
            replies[i] = commands.get(i).call().repeatable() ? repeated[next++] : fault;
        }
        return replies;
    }

    private Object[] attempt(List<Command> commands, int replicas, IntConsumer confirmed, Deadline deadline) {
        Nodes current = current();
        Itinerary itinerary = new Itinerary(commands);
        translating(current, deadline, () -> {
            for (int round = 0; round < MOST_ROUNDS && !itinerary.isOver(); round++) {
                if (itinerary.wasMisled()) {
                    current.refresh();
                }
                travel(itinerary, current, replicas, deadline);
            }
        });
        throwServerFailure(itinerary.replies());
        if (replicas > 0) {
            confirmed.accept(itinerary.confirmations());
        }
        return itinerary.replies();
    }

    private Nodes current() {
        Nodes current = nodes;
        if (current == null) {
            throw new RedisUnavailable(Reason.UNREACHABLE, "no connection to Redis yet", null);
        }
        return current;
    }

    private static void translating(Nodes current, Deadline deadline, Runnable work) {
        try {
            work.run();
        } catch (JedisException e) {
            RedisUnavailable fault = Faults.thrown(e);
            if (fault.reason() == Reason.UNREACHABLE && deadline.isOver()) {
                throw new RedisUnavailable(Reason.TIMEOUT, "Redis did not answer in time", e); // the watchdog cut it
            }
            if (fault.reason() == Reason.UNREACHABLE) {
                current.pools().forEach(Pool::clear); // the idle ones are as dead as the one that told us
            }
            throw fault;
        }
    }

    /** A reply such as LOADING or READONLY speaks for the whole server. */
    private static void throwServerFailure(Object[] replies) {
        for (Object reply : replies) {
            if (reply instanceof JedisDataException e
                    && Faults.replied(e) instanceof RedisUnavailable fault
                    && isServerFailure(fault)) {
                throw fault;
            }
        }
    }

    private void travel(Itinerary itinerary, Nodes nodes, int replicas, Deadline deadline) {
        List<Leg> legs = itinerary.legs(nodes, homeDatabase);
        travel(legs, nodes, replicas, itinerary.replies(), deadline);
        for (int i = 0; replicas > 0 && i < legs.size(); i++) {
            itinerary.confirmed(legs.get(i).confirmations());
        }
        itinerary.takeUp();
    }

    private void travel(List<Leg> legs, Nodes nodes, int replicas, Object[] replies, Deadline deadline) {
        try {
            for (int i = 0; i < legs.size(); i++) {
                Leg leg = legs.get(i);
                Connection connection = connector.borrow(nodes.pool(leg.node()), deadline);
                leg.board(connection);
                watchdog.watch(connection, deadline);
                if (replicas > 0) {
                    leg.confirm(replicas, deadline.remainingMillis() / 2);
                }
                leg.depart();
            }
            for (int i = 0; i < legs.size(); i++) {
                legs.get(i).arrive(deadline, replies);
            }
        } finally {
            for (int i = 0; i < legs.size(); i++) {
                letGo(legs.get(i));
            }
        }
    }

    private void letGo(Leg leg) {
        Connection connection = leg.connection();
        if (connection != null) {
            watchdog.release(connection);
        }
        leg.close();
    }

    /** Begins to use other nodes, and lets go of the ones before. */
    void use(Nodes fresh) {
        Nodes old = nodes;
        nodes = fresh;
        if (old != null) {
            old.close();
        }
    }

    @Nullable
    Nodes nodes() {
        return nodes;
    }

    CircuitBreaker<Object[]> breaker() {
        return breaker;
    }

    @Override
    public void close() {
        Nodes old = nodes;
        nodes = null;
        if (old != null) {
            old.close();
        }
    }

    private static boolean isServerFailure(Throwable fault) {
        return fault instanceof RedisUnavailable unavailable
                && unavailable.reason().isServerFailure();
    }
}
