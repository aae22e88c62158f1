package io.gatehouse.internal.redis.connect;

import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.util.RedisInputStream;

/**
 * Reads a list reply (RESP2 array of bulk strings) of limited size. A larger one is skipped without memory for it, so that a huge value in
 * Redis cannot exhaust the memory of this process.
 */
final class BoundedReply {
    /** The size of an item besides its bytes. */
    private static final int PER_ITEM = 32;

    private static final int SKIPPED_AT_ONCE = 8192;

    private BoundedReply() {}

    /**
     * Reads the list at the current position.
     *
     * @param most the maximum size of the items, with 32 bytes for each
     * @return the items as a list of {@code byte[]}, or the size of a list that is too large as a {@code Long}
     * @throws JedisConnectionException if the bytes are not a list of bulk strings
     */
    static Object read(RedisInputStream stream, long most) {
        expect(stream, '*');
        int count = length(stream);
        long size = (long) PER_ITEM * count;
        List<Object> items = size > most ? List.of() : new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            expect(stream, '$');
            int length = length(stream);
            size += length;
            if (size > most) {
                items = List.of();
                skip(stream, length);
            } else {
                items.add(bytes(stream, length));
            }
            expect(stream, '\r');
            expect(stream, '\n');
        }
        return size > most ? size : items;
    }

    private static int length(RedisInputStream stream) {
        int length = stream.readIntCrLf();
        if (length < 0) {
            throw malformed();
        }
        return length;
    }

    private static void expect(RedisInputStream stream, char wanted) {
        if (stream.readByte() != wanted) {
            throw malformed();
        }
    }

    private static byte[] bytes(RedisInputStream stream, int length) {
        byte[] bytes = new byte[length];
        fill(stream, bytes, length);
        return bytes;
    }

    private static void skip(RedisInputStream stream, int length) {
        byte[] scratch = new byte[Math.min(length, SKIPPED_AT_ONCE)];
        for (int left = length; left > 0; left -= scratch.length) {
            fill(stream, scratch, Math.min(left, scratch.length));
        }
    }

    private static void fill(RedisInputStream stream, byte[] bytes, int length) {
        int filled = 0;
        while (filled < length) {
            int read = stream.read(bytes, filled, length - filled);
            if (read < 0) {
                throw malformed();
            }
            filled += read;
        }
    }

    private static JedisConnectionException malformed() {
        return new JedisConnectionException("the bytes received are not a list of bulk strings");
    }
}
