package io.gatehouse.internal.redis.connect;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.Deadline;
import io.gatehouse.internal.redis.ExceptionTranslator;
import io.gatehouse.internal.redis.RedisLogin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The part of a pipeline that goes to one node over one connection: written at once, read at once. {@link #close} returns the
 * connection to its pool, or closes it if not all replies were read or if they may belong to other commands. Not thread-safe.
 */
final class NodePipeline implements AutoCloseable {
    private static final int NO_POSITION = -1;
    private static final int ACKNOWLEDGEMENT = -2;

    /** Room for two {@code SELECT} commands. */
    private static final int EXTRA = 2;

    private final HostAndPort node;
    private final int homeDatabase;
    private final List<Outgoing> wire;
    private int[] positions;
    /** The maximum size of each reply, 0 for none; replies after the end of the array, or all if it is null, are not limited. */
    private long @Nullable [] limits;

    private int database;
    private @Nullable NodeConnection connection;
    private @Nullable RedisLogin login;
    private boolean lastReturnsMark;
    private boolean departed;
    private boolean arrived;
    private boolean complete = true;
    private int replicasAcknowledged;
    private @Nullable RedisUnavailableException fault;

    /** What is sent to a node and has one reply. */
    @FunctionalInterface
    interface Outgoing {
        void sendTo(NodeConnection over);
    }

    /** @param size the expected number of commands */
    NodePipeline(HostAndPort node, int homeDatabase, int size) {
        this.node = node;
        this.homeDatabase = homeDatabase;
        this.database = homeDatabase;
        this.wire = new ArrayList<>(size + EXTRA);
        this.positions = new int[size + EXTRA];
    }

    HostAndPort node() {
        return node;
    }

    /** Adds a command whose reply goes to the given position. */
    void add(int position, int database, CommandArguments arguments) {
        add(position, database, arguments, 0);
    }

    /**
     * Adds a command whose reply is limited and goes to the given position.
     *
     * @param mostBytes the maximum size of the reply; 0 for none
     */
    void add(int position, int database, CommandArguments arguments, long mostBytes) {
        add(position, database, over -> over.sendCommand(arguments), mostBytes);
    }

    /**
     * Adds a command whose reply goes to the given position.
     *
     * @param byText whether to send the text of a script, because the node does not have it
     */
    void add(int position, RoutedCommand command, boolean byText) {
        Outgoing outgoing = byText ? command::sendTextTo : command;
        add(position, command.database(), outgoing, command.mostBytes());
        lastReturnsMark = command.returnsMark();
    }

    private void add(int position, int inDatabase, Outgoing outgoing, long mostBytes) {
        select(inDatabase);
        if (mostBytes > 0) {
            int index = wire.size();
            long[] longer = limits == null ? new long[index + 1] : Arrays.copyOf(limits, index + 1);
            longer[index] = mostBytes;
            limits = longer;
        }
        put(position, outgoing);
    }

    /** Adds {@code ASKING}: during a migration the new node of a slot serves it only after this command. */
    void addAsking() {
        put(NO_POSITION, over -> over.sendCommand(Protocol.Command.ASKING));
    }

    /** Adds {@code WAIT}: the node waits until the given number of replicas has received all writes before it. */
    void waitForReplicas(int replicas, int atMostMillis) {
        CommandArguments wait = new CommandArguments(Protocol.Command.WAIT).add(replicas);
        CommandArguments limited = wait.add(Math.max(1, atMostMillis)); // 0 would mean forever
        put(ACKNOWLEDGEMENT, over -> over.sendCommand(limited));
    }

    /** Returns how many replicas acknowledged; 0 also if the node refused to wait. */
    int replicasAcknowledged() {
        return replicasAcknowledged;
    }

    /** Sets the connection to use; {@link #close} releases it. */
    void attach(NodeConnection over) {
        connection = over;
    }

    @Nullable
    NodeConnection connection() {
        return connection;
    }

    /** Returns how many commands are sent, with those that have no position. */
    int size() {
        return wire.size();
    }

    /** Returns the position of a command, or a negative number if it has none. */
    int position(int index) {
        return positions[index];
    }

    /** Returns whether the node may have received the commands. */
    boolean isFlushed() {
        return departed;
    }

    /** Returns whether all replies were read. */
    boolean isComplete() {
        return arrived;
    }

    /** Records why the commands have no replies. */
    void failed(RedisUnavailableException why) {
        fault = why;
    }

    /** Returns why the commands have no replies, or null if they have. */
    @Nullable
    RedisUnavailableException fault() {
        return fault;
    }

    void flush() {
        NodeConnection over = attached();
        select(homeDatabase);
        complete = false;
        login = over.nextLogin();
        departed = true;
        if (login != null) {
            over.sendCommand(ConnectionConfig.authentication(login)); // in the same round trip
        }
        over.beginExchange();
        for (int i = 0; i < wire.size(); i++) {
            if (lastReturnsMark && i == wire.size() - 1) {
                over.attachMark();
            }
            wire.get(i).sendTo(over);
        }
        if (!lastReturnsMark) {
            over.sendMark();
        }
        over.flushExchange();
    }

    /**
     * Reads the replies into the array.
     *
     * @throws JedisException if the connection broke, or if the replies do not belong to these commands
     */
    void readReplies(Deadline deadline, Object[] replies) {
        NodeConnection over = attached();
        over.setSoTimeout(deadline.remainingMillisOrOne());
        Object[] all = read(over);
        boolean marked = isMark(over, all[wire.size()]);
        for (int i = 0; i < wire.size(); i++) {
            int position = positions[i];
            if (position >= 0) {
                replies[position] = all[i];
            } else if (position == ACKNOWLEDGEMENT) {
                replicasAcknowledged = all[i] instanceof Long count ? count.intValue() : 0;
            } else {
                requireDone(all[i]);
            }
        }
        arrived = true;
        if (marked) { // RedisNode.isFit asks before the next use whether more has arrived: a system call
            complete = true;
            over.prove();
        }
    }

    /** Returns the replies to all commands, then the mark. */
    private Object[] read(NodeConnection over) {
        RedisLogin with = login;
        try {
            Object answer = with == null ? null : over.readReply(0);
            int commands = wire.size();
            Object[] all = new Object[commands + 1];
            for (int i = 0; i < commands; i++) {
                all[i] = over.readReply(limits != null && i < limits.length ? limits[i] : 0);
            }
            all[commands] = lastReturnsMark ? over.takeMark(all, commands - 1) : over.readReply(0);
            if (with != null && answer != null) {
                over.authenticated(with, answer);
            }
            return all;
        } catch (JedisException e) {
            throw e;
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            throw new JedisConnectionException("the bytes received are not a Redis reply", e); // impossible lengths
        }
    }

    /**
     * Returns whether the last reply is the mark of this exchange. It is not if the node currently refuses every command.
     *
     * @throws JedisException if it is neither the mark nor an error
     */
    private static boolean isMark(NodeConnection over, @Nullable Object last) {
        if (over.isMark(last)) {
            return true;
        }
        if (last instanceof JedisDataException e && ExceptionTranslator.isNodeFailure(e)) {
            return false;
        }
        throw new JedisConnectionException("the replies do not belong to the commands");
    }

    /** Throws if {@code SELECT} or {@code ASKING} failed, because the command after it then ran in the wrong database or was redirected. */
    private static void requireDone(Object reply) {
        if (reply instanceof JedisDataException e) {
            throw e;
        }
    }

    @Override
    public void close() {
        NodeConnection over = connection;
        if (over == null) {
            return;
        }
        if (!complete) {
            over.setBroken();
        }
        try {
            over.close();
        } catch (JedisException e) {
            // it is closed; its pool tried to open another on this thread
        }
    }

    private void select(int wanted) {
        if (wanted != database) {
            CommandArguments select = new CommandArguments(Protocol.Command.SELECT).add(wanted);
            put(NO_POSITION, over -> over.sendCommand(select));
            database = wanted;
        }
    }

    private void put(int position, Outgoing outgoing) {
        lastReturnsMark = false;
        int last = wire.size();
        if (last == positions.length) {
            positions = Arrays.copyOf(positions, 2 * last);
        }
        positions[last] = position;
        wire.add(outgoing);
    }

    private NodeConnection attached() {
        NodeConnection over = connection;
        if (over == null) {
            throw new IllegalStateException("no connection was attached");
        }
        return over;
    }
}
