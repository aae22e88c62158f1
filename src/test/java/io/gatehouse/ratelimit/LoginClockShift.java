package io.gatehouse.ratelimit;

import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import redis.clients.jedis.RedisClient;

/** Simulates the passing of time for stored failures: moves their times, and the ends of windows, back. The clock of Redis itself cannot be moved. */
public final class LoginClockShift {
    private LoginClockShift() {}

    /** Moves time forward, or back if the duration is negative. */
    public static void pass(List<TestRedis> nodes, Duration time) {
        for (TestRedis node : nodes) {
            try (RedisClient client = node.client()) {
                for (String key : node.keys()) {
                    if (client.type(key).equals("hash") && !key.endsWith(":lf")) {
                        age(client, key, time.toMillis());
                    } else {
                        client.pexpire(key, Math.max(0, client.pttl(key) - time.toMillis()));
                    }
                }
            }
        }
    }

    /** The time is the last part of a value, after a letter or a count. */
    private static String older(String value, long millis) {
        int start = Math.max(value.indexOf('h'), value.indexOf('.')) + 1;
        return value.substring(0, start) + (Long.parseLong(value.substring(start)) - millis);
    }

    private static void age(RedisClient client, String key, long millis) {
        Map<String, String> older = client.hgetAll(key).entrySet().stream()
                .filter(field -> !field.getKey().equals("r"))
                .collect(Collectors.toMap(Map.Entry::getKey, field -> older(field.getValue(), millis)));
        if (!older.isEmpty()) {
            client.hset(key, older);
        }
    }
}
