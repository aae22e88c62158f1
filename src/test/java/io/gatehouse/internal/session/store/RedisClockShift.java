package io.gatehouse.internal.session.store;

import io.gatehouse.internal.session.Node;
import io.gatehouse.testing.Keys;
import io.gatehouse.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import redis.clients.jedis.RedisClient;

/** Lets time pass for stored sessions by changing the times in their records and indexes. */
public final class RedisClockShift {
    private RedisClockShift() {}

    /** Makes all sessions idle for a long time. */
    public static void makeIdle(TestRedis redis) {
        records(redis).forEach(key -> rewriteUse(redis, key, parts -> List.of("1", parts.get(1), parts.get(2))));
        makeDue(redis);
    }

    /** Moves the last use of every session. */
    public static void moveUse(TestRedis redis, long millis) {
        records(redis)
                .forEach(key -> rewriteUse(
                        redis,
                        key,
                        parts -> List.of(
                                Long.toString(Long.parseLong(parts.get(0)) + millis), parts.get(1), parts.get(2))));
    }

    /** Moves the absolute end of every session into the past. */
    static void makeAbsolute(TestRedis redis) {
        records(redis).forEach(key -> rewriteUse(redis, key, parts -> List.of(parts.get(0), parts.get(1), "1")));
        makeDue(redis);
    }

    /** Makes every session due in the expiry index, so that the clean-up checks it. */
    public static void makeDue(TestRedis redis) {
        try (RedisClient client = redis.client()) {
            keys(redis, ":x")
                    .forEach(index -> client.zrange(index, 0, -1).forEach(member -> client.zadd(index, 1, member)));
        }
    }

    /** Moves the deadlines of all end claims into the past. */
    static void endLeases(TestRedis redis) {
        try (RedisClient client = redis.client()) {
            records(redis)
                    .filter(key -> client.hexists(key, "e"))
                    .forEach(key -> client.hset(key, "e", client.hget(key, "e").replaceFirst("/.*", "/1")));
        }
    }

    /** Changes every record. */
    static void forgeAll(TestRedis redis) {
        try (RedisClient client = redis.client()) {
            records(redis).forEach(key -> {
                byte[] name = key.getBytes(StandardCharsets.UTF_8);
                byte[] pack = client.hget(name, new byte[] {'a'});
                pack[pack.length - 1] ^= 1;
                client.hset(name, new byte[] {'a'}, pack);
            });
        }
    }

    public static RecordCodec format() {
        return new RecordCodec(
                Keys.ring(Node.KEYS), "app".getBytes(StandardCharsets.UTF_8), false, new RecordSize(32 << 20));
    }

    private static Stream<String> records(TestRedis redis) {
        return redis.keys().stream().filter(key -> key.contains(":s:"));
    }

    private static Stream<String> keys(TestRedis redis, String ending) {
        return redis.keys().stream().filter(key -> key.endsWith(ending));
    }

    /** Moves the last use of one session. */
    public static void moveLastUse(TestRedis redis, String key, LongUnaryOperator change) {
        rewriteUse(
                redis,
                key,
                parts -> List.of(
                        Long.toString(change.applyAsLong(Long.parseLong(parts.get(0)))), parts.get(1), parts.get(2)));
    }

    /** Writes the last use in the format of the scripts. */
    private static void rewriteUse(TestRedis redis, String key, UnaryOperator<List<String>> change) {
        try (RedisClient client = redis.client()) {
            if (client.type(key).equals("hash")) {
                String body = String.join(
                        "/", change.apply(List.of(client.hget(key, "t").split("/", -1))));
                client.hset(key, "t", body + "/" + check(body));
            }
        }
    }

    private static String check(String body) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(body.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
