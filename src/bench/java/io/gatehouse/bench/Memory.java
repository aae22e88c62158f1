package io.gatehouse.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * The memory that something takes in Redis, such as one session with its share of every index.
 *
 * @param counted the sum of {@code MEMORY USAGE key SAMPLES 0} over all keys
 * @param grown the growth of {@code used_memory}, which includes the tables of Redis itself
 */
record Memory(long counted, long grown) {
    static final int SESSIONS = 10_000;

    /** Lets a contender create sessions, each for another user, and empties Redis afterwards. */
    static Memory measure(RedisClient redis, int port) throws IOException {
        try (Visitor visitor = new Visitor(port)) {
            String first = visitor.makeSession("first", Shape.SMALL); // loads scripts and opens connections
            if (first.isEmpty()) {
                throw new IOException("a session without a cookie");
            }
            Memory before = now(redis);
            for (int i = 0; i < SESSIONS; i++) {
                String unused = visitor.makeSession(String.format("user-%05d", i), Shape.SMALL);
            }
            return now(redis).minus(before).by(SESSIONS);
        } finally {
            redis.flushAll();
        }
    }

    /** Returns the memory in use now. */
    static Memory now(RedisClient redis) {
        long used = Statistics.number(redis.info("memory"), "used_memory:(\\d+)");
        return new Memory(sum(redis), used);
    }

    Memory minus(Memory before) {
        return new Memory(counted - before.counted, grown - before.grown);
    }

    Memory by(long many) {
        return new Memory(counted / many, grown / many);
    }

    private static long sum(RedisClient redis) {
        long sum = 0;
        byte[] cursor = ScanParams.SCAN_POINTER_START_BINARY;
        do {
            List<Response<Long>> sizes = new ArrayList<>();
            ScanResult<byte[]> page = redis.scan(cursor, new ScanParams().count(1000));
            try (AbstractPipeline pipeline = redis.pipelined()) {
                page.getResult().forEach(key -> sizes.add(pipeline.memoryUsage(key, 0)));
            }
            for (Response<Long> size : sizes) {
                sum += size.get();
            }
            cursor = page.getCursorAsBytes();
        } while (!new String(cursor, StandardCharsets.US_ASCII).equals(ScanParams.SCAN_POINTER_START));
        return sum;
    }
}
