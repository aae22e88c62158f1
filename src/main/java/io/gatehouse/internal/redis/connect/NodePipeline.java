package io.gatehouse.internal.redis.connect;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.Deadline;
import io.gatehouse.internal.redis.ExceptionTranslator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The part of a flight that goes to one node over one connection: written at once, read at once. A connection whose
 * replies were not all read, or may belong to other commands, is closed and never used again.
 */
final class NodePipeline implements AutoCloseable {
    private static final int NO_POSITION = -1;
    private static final int CONFIRMATION = -2;
    private static final int MARK = -3;

    /** Room for going to another database and back, and for the mark. */
    private static final int EXTRA = 3;

    private final HostAndPort node;
    private final int homeDatabase;
    private final List<CommandArguments> wire;
    private int[] positions;
    private int database;
    private @Nullable NodeConnection connection;
    private byte[] mark = {};
    private boolean departed;
    private boolean arrived;
    private boolean complete = true;
    private int replicasAcknowledged;
    private @Nullable RedisUnavailableException fault;

    /** @param size how many commands it will probably have */
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

    /** Puts a command on the way; its reply goes to a position. */
    void add(int position, int database, CommandArguments arguments) {
        select(database);
        put(position, arguments);
    }

    /** For a slot on its way to another node: that node answers only when asked this way. */
    void addAsking() {
        put(NO_POSITION, new CommandArguments(Protocol.Command.ASKING));
    }

    /** Has the node wait, after all commands before, until so many replicas have what they wrote. */
    void waitForReplicas(int replicas, int atMostMillis) {
        CommandArguments wait = new CommandArguments(Protocol.Command.WAIT).add(replicas);
        put(CONFIRMATION, wait.add(Math.max(1, atMostMillis))); // 0: for ever
    }

    /** How many replicas have confirmed, 0 also if the node refused to wait. */
    int replicasAcknowledged() {
        return replicasAcknowledged;
    }

    /** Takes the connection that it will travel over, which {@link #close} returns. */
    void attach(NodeConnection over) {
        connection = over;
    }

    @Nullable
    NodeConnection connection() {
        return connection;
    }

    /** Calls for the position of each command that was added. */
    void forEachPosition(IntConsumer action) {
        for (int i = 0; i < wire.size(); i++) {
            if (positions[i] >= 0) {
                action.accept(positions[i]);
            }
        }
    }

    /** Whether the node may have got the commands. */
    boolean isFlushed() {
        return departed;
    }

    /** Whether all replies are there. */
    boolean isComplete() {
        return arrived;
    }

    /** Notes why its commands have no replies. */
    void failed(RedisUnavailableException why) {
        fault = why;
    }

    /** Why its commands have no replies, or null. */
    @Nullable
    RedisUnavailableException fault() {
        return fault;
    }

    void flush() {
        NodeConnection over = attached();
        select(homeDatabase);
        mark = over.nextMark();
        put(MARK, new CommandArguments(Protocol.Command.PING).add(mark));
        complete = false;
        departed = true;
        for (int i = 0; i < wire.size(); i++) {
            over.sendCommand(wire.get(i));
        }
        over.getMany(0); // flushes, and reads nothing
    }

    /** @throws JedisException if the connection broke, or what came over it are not the replies to these commands */
    void readReplies(Deadline deadline, Object[] replies) {
        NodeConnection over = attached();
        over.setSoTimeout(deadline.patienceMillis());
        List<Object> all = read(over);
        boolean marked = isMark(all.get(all.size() - 1));
        for (int i = 0; i < all.size(); i++) {
            int position = positions[i];
            if (position >= 0) {
                replies[position] = all.get(i);
            } else if (position == CONFIRMATION) {
                replicasAcknowledged = all.get(i) instanceof Long count ? count.intValue() : 0;
            } else if (position == NO_POSITION) {
                requireDone(all.get(i));
            }
        }
        arrived = true;
        if (marked && !over.hasSurplus()) {
            complete = true;
            over.prove();
        }
    }

    private List<Object> read(NodeConnection over) {
        try {
            return over.getMany(wire.size());
        } catch (JedisException e) {
            throw e;
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            throw new JedisConnectionException("what came is no reply of Redis", e); // lengths that cannot be
        }
    }

    /**
     * Whether the last reply is the mark of this exchange; not if the node cannot do anything now, not even that.
     *
     * @throws JedisException if it is anything else
     */
    private boolean isMark(Object last) {
        if (last instanceof byte[] text && Arrays.equals(text, mark)) {
            return true;
        }
        if (last instanceof JedisDataException e && ExceptionTranslator.isOfNode(e)) {
            return false;
        }
        throw new JedisConnectionException("the replies do not belong to the commands");
    }

    /** A command that ran in the wrong database, or without the permission to ask, has no reply to believe. */
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
            // it was to be closed, and its pool must not make another in this thread
        }
    }

    private void select(int wanted) {
        if (wanted != database) {
            put(NO_POSITION, new CommandArguments(Protocol.Command.SELECT).add(wanted));
            database = wanted;
        }
    }

    private void put(int position, CommandArguments arguments) {
        int last = wire.size();
        if (last == positions.length) {
            positions = Arrays.copyOf(positions, 2 * last);
        }
        positions[last] = position;
        wire.add(arguments);
    }

    private NodeConnection attached() {
        NodeConnection over = connection;
        if (over == null) {
            throw new IllegalStateException("no connection was boarded");
        }
        return over;
    }
}
