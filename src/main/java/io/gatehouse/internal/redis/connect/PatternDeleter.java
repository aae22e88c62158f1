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
 * Removes all keys of one database that match a pattern, in many short steps. Other clients are served between steps, and the
 * memory used does not grow with the number of keys. A step is one round trip that removes the keys found by the previous
 * step and scans for the next ones. Each step has a deadline; the whole has none.
 *
 * <p>Matching keys that are written meanwhile may remain. If slots of a cluster are migrated meanwhile, the scan starts
 * again.
 *
 * <p>Commands: {@code SCAN}, {@code UNLINK}, {@code SELECT} before and after them for a database other than the home
 * database.
 */
final class PatternDeleter {
    private static final int KEYS_PER_SCAN = 1000;
    private static final int KEYS_PER_UNLINK = 500;
    private static final int MAX_ROUNDS = 3;

    private final RedisExecutor redisExecutor;
    private final int database;
    private final byte[] pattern;
    private final boolean cluster;
    private long removed;
    private boolean started;
    private boolean moved;

    /**
     * Creates a deleter, which runs once.
     *
     * @param cluster whether Redis is a cluster, where no command may have keys of two slots
     */
    PatternDeleter(RedisExecutor redisExecutor, int database, byte[] pattern, boolean cluster) {
        this.redisExecutor = redisExecutor;
        this.database = database;
        this.pattern = pattern.clone();
        this.cluster = cluster;
    }

    /** Removes the keys and returns how many were removed; the number is too small if a step had to be repeated. */
    long run() {
        try {
            for (int round = 0; round < MAX_ROUNDS; round++) {
                moved = false;
                for (HostAndPort master : redisExecutor.masters(round > 0)) {
                    sweep(master);
                }
                if (!moved) {
                    return removed;
                }
            }
            throw new RedisUnavailableException(Reason.BUSY, "slots of the cluster are moving", null);
        } catch (GatehouseException e) {
            throw started ? partlyDone(e) : e;
        }
    }

    private static RedisUnavailableException partlyDone(GatehouseException e) {
        Reason reason = e instanceof RedisUnavailableException unavailable ? unavailable.reason() : Reason.BUSY;
        return new RedisUnavailableException(reason, "some keys may be removed and others not: " + e.getMessage(), e);
    }

    private void sweep(HostAndPort master) {
        byte[] cursor = ScanPage.START;
        List<byte[]> found = List.of();
        ScanPage page;
        do {
            Object[] replies = step(master, found, cursor);
            page = ScanPage.read(replies[replies.length - 1]);
            found = page.keys();
            cursor = page.cursor();
        } while (!page.isLast());
        if (!found.isEmpty()) {
            count(redisExecutor.executeOn(master, database, unlinks(found)), Integer.MAX_VALUE);
        }
    }

    private Object[] step(HostAndPort master, List<byte[]> found, byte[] cursor) {
        List<CommandArguments> wire = unlinks(found);
        wire.add(ScanPage.command(cursor, pattern, KEYS_PER_SCAN));
        Object[] replies = redisExecutor.executeOn(master, database, wire);
        started = true;
        count(replies, replies.length - 1);
        return replies;
    }

    private List<CommandArguments> unlinks(List<byte[]> keys) {
        int size = cluster ? 1 : KEYS_PER_UNLINK;
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
                moved = true;
            } else if (replies[i] instanceof JedisDataException e) {
                throw ExceptionTranslator.replied(e);
            }
        }
    }
}
