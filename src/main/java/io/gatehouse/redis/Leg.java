package io.gatehouse.redis;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The part of a flight that goes to one node over one connection: written at once, read at once. A connection whose
 * replies were not all read is thrown away, so that nobody ever reads somebody else's reply.
 */
final class Leg implements AutoCloseable {
    private static final int NO_POSITION = -1;
    private static final int CONFIRMATION = -2;

    private final int homeDatabase;
    private final List<CommandArguments> wire = new ArrayList<>();
    private final List<Integer> positions = new ArrayList<>();
    private int database;
    private @Nullable Connection connection;
    private boolean complete = true;
    private int confirmations;

    Leg(int homeDatabase) {
        this.homeDatabase = homeDatabase;
        this.database = homeDatabase;
    }

    /** Puts a command on the way; its reply goes to a position. */
    void add(int position, int database, CommandArguments arguments) {
        select(database);
        wire.add(arguments);
        positions.add(position);
    }

    /** For a slot on its way to another node: that node answers only when asked this way. */
    void addAsking() {
        wire.add(new CommandArguments(Protocol.Command.ASKING));
        positions.add(NO_POSITION);
    }

    /** Has the node wait, after all commands before, until so many replicas have what they wrote. */
    void confirm(int replicas, int atMostMillis) {
        wire.add(new CommandArguments(Protocol.Command.WAIT)
                .add(replicas)
                .add(Math.max(1, atMostMillis))); // 0: for ever
        positions.add(CONFIRMATION);
    }

    /** How many replicas the node has named, 0 also if it refused to. */
    int confirmations() {
        return confirmations;
    }

    void depart(Connection over) {
        select(homeDatabase);
        connection = over;
        complete = false;
        wire.forEach(over::sendCommand);
        over.getMany(0); // flushes, and reads nothing
    }

    void arrive(Deadline deadline, Object[] replies) {
        Connection over = connection;
        if (over == null) {
            throw new IllegalStateException("not departed");
        }
        over.setSoTimeout(deadline.remainingMillis());
        List<Object> all = over.getMany(wire.size());
        for (int i = 0; i < all.size(); i++) {
            int position = positions.get(i);
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
            wire.add(new CommandArguments(Protocol.Command.SELECT).add(wanted));
            positions.add(NO_POSITION);
            database = wanted;
        }
    }
}
