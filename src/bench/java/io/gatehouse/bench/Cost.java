package io.gatehouse.bench;

import java.io.IOException;
import redis.clients.jedis.RedisClient;

/**
 * The result of one turn of a row: its speed, and what one request cost.
 *
 * @param rate requests a second
 * @param requestMicros CPU microseconds of the request threads for each request
 * @param processMicros CPU microseconds of the whole process
 * @param redisMicros CPU microseconds of Redis
 * @param kilobytes kilobytes that the request threads allocated
 */
record Cost(
        double rate,
        double requestMicros,
        double processMicros,
        double redisMicros,
        double kilobytes,
        Latencies latencies) {
    private static final String REDIS_CPU = "used_cpu_(?:sys|user):([0-9.]+)";

    /** Runs a row for a time. */
    static Cost measure(Node node, LoadGenerator load, RedisClient redis, double seconds)
            throws IOException, InterruptedException {
        Latencies unused = load.latencies(); // those of an earlier run
        Usage before = node.usage();
        double redisBefore = redisSeconds(redis);
        double rate = load.run(seconds);
        double redisSeconds = redisSeconds(redis) - redisBefore;
        Usage used = node.usage().minus(before);
        Latencies latencies = load.latencies();
        double requests = latencies.total();
        return new Cost(
                rate,
                used.requestNanos() / 1e3 / requests,
                used.processNanos() / 1e3 / requests,
                redisSeconds * 1e6 / requests,
                used.requestBytes() / 1024.0 / requests,
                latencies);
    }

    /** Returns the latency in milliseconds that a share of the requests does not exceed. */
    double millis(double share) {
        return latencies.millis(share);
    }

    private static double redisSeconds(RedisClient redis) {
        return Statistics.sum(redis.info("cpu"), REDIS_CPU);
    }
}
