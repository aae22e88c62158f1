package io.gatehouse.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * What one session costs in Redis, with its share of every index.
 *
 * @param counted the sum of {@code MEMORY USAGE key SAMPLES 0} over all keys, by the number of sessions
 * @param grown by how much {@code used_memory} grew, by the number of sessions; it has Redis' own tables in it too
 */
record Memory(long counted, long grown) {
    static final int SESSIONS = 10_000;

    private static final Pattern USED = Pattern.compile("used_memory:(\\d+)");

    /** Has a contender make sessions, each for a user of its own, and empties Redis afterwards. */
    static Memory measure(RedisClient redis, int port) throws IOException {
        try (Visitor visitor = new Visitor(port)) {
            visitor.makeSession("first"); // scripts and connections are there from now on
            long sumBefore = sum(redis);
            long usedBefore = used(redis);
            for (int i = 0; i < SESSIONS; i++) {
                visitor.makeSession(String.format("user-%05d", i));
            }
            long used = used(redis) - usedBefore;
            return new Memory((sum(redis) - sumBefore) / SESSIONS, used / SESSIONS);
        } finally {
            redis.flushAll();
        }
    }

    private static long used(RedisClient redis) {
        Matcher used = USED.matcher(redis.info("memory"));
        if (!used.find()) {
            throw new IllegalStateException("Redis does not say what it uses");
        }
        return Long.parseLong(used.group(1));
    }

    private static long sum(RedisClient redis) {
        long sum = 0;
        byte[] cursor = ScanParams.SCAN_POINTER_START_BINARY;
        do {
            ScanResult<byte[]> page = redis.scan(cursor, new ScanParams().count(1000));
            for (byte[] key : page.getResult()) {
                sum += redis.memoryUsage(key, 0);
            }
            cursor = page.getCursorAsBytes();
        } while (!new String(cursor, StandardCharsets.US_ASCII).equals(ScanParams.SCAN_POINTER_START));
        return sum;
    }
}
