package io.gatehouse.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;

/** Checks that every key of a deployment has a time to live. */
final class KeySweep {
    private static final Pattern DATABASE = Pattern.compile("^db(\\d+):", Pattern.MULTILINE);

    private KeySweep() {}

    /**
     * Checks the keys of all databases.
     *
     * @param lasting regular expressions of keys that need no time to live
     * @throws AssertionError if another key has none
     */
    static void requireTimesToLive(RedisDeployment deployment, List<String> lasting) {
        List<String> found = deployment.masters().stream()
                .flatMap(server -> withoutTimeToLive(server).stream())
                .filter(key -> lasting.stream().noneMatch(key::matches))
                .toList();
        if (!found.isEmpty()) {
            throw new AssertionError(
                    "Keys without time to live: " + found + "; set one, or name them in @RedisTest(lasting).");
        }
    }

    private static List<String> withoutTimeToLive(TestRedis server) {
        List<String> found = new ArrayList<>();
        try (Jedis jedis = new Jedis("127.0.0.1", server.port())) {
            Matcher databases = DATABASE.matcher(jedis.info("keyspace"));
            while (databases.find()) {
                int database = Integer.parseInt(databases.group(1));
                if (database != 0) {
                    jedis.select(database);
                }
                found.addAll(withoutTimeToLive(jedis));
            }
        }
        return found;
    }

    private static List<String> withoutTimeToLive(Jedis jedis) {
        List<String> keys = List.copyOf(jedis.keys("*"));
        List<Response<Long>> times = new ArrayList<>();
        Pipeline pipeline = jedis.pipelined();
        keys.forEach(key -> times.add(pipeline.pttl(key)));
        pipeline.sync();
        List<String> found = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            if (times.get(i).get() == -1) {
                found.add(keys.get(i));
            }
        }
        return found;
    }
}
