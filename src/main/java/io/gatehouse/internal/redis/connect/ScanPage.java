package io.gatehouse.internal.redis.connect;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.RedisUnavailableException.Reason;
import io.gatehouse.internal.redis.ExceptionTranslator;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * One reply of {@code SCAN}.
 *
 * @param cursor the cursor of the next page
 * @param keys the keys of this page
 */
record ScanPage(byte[] cursor, List<byte[]> keys) {
    static final byte[] START = {'0'};

    /** Returns the command that reads a page of the keys that match a pattern. */
    static CommandArguments command(byte[] cursor, byte[] pattern, int count) {
        return new CommandArguments(Protocol.Command.SCAN)
                .add(cursor)
                .add(Protocol.Keyword.MATCH)
                .add(pattern)
                .add(Protocol.Keyword.COUNT)
                .add(count);
    }

    /** @throws RedisUnavailableException if the reply is no page */
    static ScanPage read(Object reply) {
        if (reply instanceof JedisDataException e) {
            throw ExceptionTranslator.replied(e);
        }
        if (!(reply instanceof List<?> page)
                || page.size() != 2
                || !(page.get(0) instanceof byte[] cursor)
                || !(page.get(1) instanceof List<?> found)) {
            throw unexpected();
        }
        List<byte[]> keys = new ArrayList<>();
        for (Object key : found) {
            if (!(key instanceof byte[] bytes)) {
                throw unexpected();
            }
            keys.add(bytes);
        }
        return new ScanPage(cursor, keys);
    }

    private static RedisUnavailableException unexpected() {
        return new RedisUnavailableException(
                Reason.UNEXPECTED, "unexpected reply to SCAN; expected a cursor and keys", null);
    }

    boolean isLast() {
        return cursor.length == 1 && cursor[0] == '0';
    }
}
