package io.gatehouse.redis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The part of a flight that goes to one node over one connection: written at once, read at once. A connection whose
 * replies were not all read is thrown away, so that nobody ever reads somebody else's reply.
 */
final class Leg implements AutoCloseable {
    private static final int NO_POSITION = -1;
    private static final int CONFIRMATION = -2;

    /** Room for going to another database and back. */
    private static final int DETOUR = 2;

    private final HostAndPort node;
    private final int homeDatabase;
    private final List<CommandArguments> wire;
    private int[] positions;
    private int database;
    private @Nullable Connection connection;
    private boolean complete = true;
    private int confirmations;

    /** @param size how many commands it will probably have */
    Leg(HostAndPort node, int homeDatabase, int size) {
        this.node = node;
        this.homeDatabase = homeDatabase;
        this.database = homeDatabase;
        this.wire = new ArrayList<>(size + DETOUR);
        this.positions = new int[size + DETOUR];
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
    void confirm(int replicas, int atMostMillis) {
        CommandArguments wait = new CommandArguments(Protocol.Command.WAIT).add(replicas);
        put(CONFIRMATION, wait.add(Math.max(1, atMostMillis))); // 0: for ever
    }

    /** How many replicas the node has named, 0 also if it refused to. */
    int confirmations() {
        return confirmations;
    }

    /** Takes the connection that it will travel over, and lets go of it at the end. */
    void board(Connection over) {
        connection = over;
    }

    @Nullable
    Connection connection() {
        return connection;
    }

    void depart() {
        Connection over = boarded();
        select(homeDatabase);
        complete = false;
        for (int i = 0; i < wire.size(); i++) {
            over.sendCommand(wire.get(i));
        }
        over.getMany(0); // flushes, and reads nothing
    }

    void arrive(Deadline deadline, Object[] replies) {
        Connection over = boarded();
        over.setSoTimeout(deadline.remainingMillis());
        List<Object> all = over.getMany(wire.size());
        for (int i = 0; i < all.size(); i++) {
            int position = positions[i];
            if (position == CONFIRMATION) {
                confirmations = all.get(i) instanceof Long count ? count.intValue() : 0;
            } else if (position != NO_POSITION) {
                replies[position] = all.get(i);
            }
        }
        complete = true;
    }

    @Override
    public void close() {
        Connection over = connection;
        if (over == null) {
            return;
        }
        if (!complete) {
            over.setBroken();
        }
        try {
            over.close();
        } catch (JedisException e) {
            // it was going away anyhow, and its pool must not make another in this thread
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

    private Connection boarded() {
        Connection over = connection;
        if (over == null) {
            throw new IllegalStateException("no connection was boarded");
        }
        return over;
    }
}
