package io.gatehouse.internal.redis.connect;

import io.gatehouse.GatehouseException;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.RedisUnavailableException.Reason;
import io.gatehouse.internal.redis.ExceptionTranslator;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/**
 * Removes all keys of one database that match a pattern, in many short steps, so that the server serves others in between
 * and as much memory is needed for a million keys as for a thousand. A step is one round trip: what the step before found
 * goes, and the next keys are looked up. Each step has a deadline of its own, the whole has none.
 *
 * <p>What matches and is written meanwhile may stay. If slots of a cluster move meanwhile, it begins anew.
 *
 * <p>Commands: {@code SCAN}, {@code UNLINK}, {@code SELECT} around them for a database other than the home one.
 */
final class PatternDeleter {
    private static final int KEYS_AT_A_LOOK = 1000;
    private static final int KEYS_AT_ONCE = 500;
    private static final int MOST_ROUNDS = 3;
    private static final byte[] START = {'0'};

    private final RedisExecutor redisExecutor;
    private final int database;
    private final byte[] pattern;
    private final boolean cluster;
    private long removed;
    private boolean begun;
    private boolean misled;

    /** @param cluster whether keys lie in slots, so that no command may have two of them */
    PatternDeleter(RedisExecutor redisExecutor, int database, byte[] pattern, boolean cluster) {
        this.redisExecutor = redisExecutor;
        this.database = database;
        this.pattern = pattern.clone();
        this.cluster = cluster;
    }

    /** How many keys went; fewer than did if a step had to be repeated. */
    long run() {
        try {
            for (int round = 0; round < MOST_ROUNDS; round++) {
                misled = false;
                for (HostAndPort master : redisExecutor.masters(round > 0)) {
                    sweep(master);
                }
                if (!misled) {
                    return removed;
                }
            }
            throw new RedisUnavailableException(Reason.BUSY, "slots of the cluster are moving", null);
        } catch (GatehouseException e) {
            throw begun ? halfDone(e) : e;
        }
    }

    private static RedisUnavailableException halfDone(GatehouseException e) {
        Reason reason = e instanceof RedisUnavailableException unavailable ? unavailable.reason() : Reason.BUSY;
        return new RedisUnavailableException(reason, "some keys may be gone and others not: " + e.getMessage(), e);
    }

    private void sweep(HostAndPort master) {
        byte[] cursor = START;
        List<byte[]> found = List.of();
        do {
            Object[] replies = step(master, found, cursor);
            found = new ArrayList<>();
            cursor = read(replies[replies.length - 1], found);
        } while (!isStart(cursor));
        if (!found.isEmpty()) {
            count(redisExecutor.executeOn(master, database, unlinks(found)), Integer.MAX_VALUE);
        }
    }

    private Object[] step(HostAndPort master, List<byte[]> found, byte[] cursor) {
        List<CommandArguments> wire = unlinks(found);
        wire.add(new CommandArguments(Protocol.Command.SCAN)
                .add(cursor)
                .add(Protocol.Keyword.MATCH)
                .add(pattern)
                .add(Protocol.Keyword.COUNT)
                .add(KEYS_AT_A_LOOK));
        Object[] replies = redisExecutor.executeOn(master, database, wire);
        begun = true;
        count(replies, replies.length - 1);
        return replies;
    }

    private List<CommandArguments> unlinks(List<byte[]> keys) {
        int size = cluster ? 1 : KEYS_AT_ONCE;
        List<CommandArguments> unlinks = new ArrayList<>();
        for (int i = 0; i < keys.size(); i += size) {
            CommandArguments unlink = new CommandArguments(Protocol.Command.UNLINK);
            for (byte[] key : keys.subList(i, Math.min(i + size, keys.size()))) {
                unlink.add(key);
            }
            unlinks.add(unlink);
        }
        return unlinks;
    }

    private void count(Object[] replies, int end) {
        for (int i = 0; i < Math.min(end, replies.length); i++) {
            if (replies[i] instanceof Long gone) {
                removed += gone;
            } else if (replies[i] instanceof JedisRedirectionException) {
                misled = true;
            } else if (replies[i] instanceof JedisDataException e) {
                throw ExceptionTranslator.replied(e);
            }
        }
    }

    /** Takes the keys out of the reply of {@code SCAN}, and returns where to go on. */
    private static byte[] read(Object reply, List<byte[]> keys) {
        if (reply instanceof JedisDataException e) {
            throw ExceptionTranslator.replied(e);
        }
        if (!(reply instanceof List<?> page) || !(page.get(0) instanceof byte[] cursor)) {
            throw new IllegalStateException("not a reply of SCAN");
        }
        if (page.get(1) instanceof List<?> found) {
            for (Object key : found) {
                if (key instanceof byte[] bytes) {
                    keys.add(bytes);
                }
            }
        }
        return cursor;
    }

    private static boolean isStart(byte[] cursor) {
        return cursor.length == 1 && cursor[0] == '0';
    }
}
