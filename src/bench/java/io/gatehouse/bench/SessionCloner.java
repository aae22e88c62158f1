package io.gatehouse.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import redis.clients.jedis.RedisClient;

/**
 * Multiplies sessions within Redis. Records, index entries and lists of users are copied from the originals, byte for byte and with the same
 * times to live, under other keys.
 */
final class SessionCloner {
    private static final int AT_ONCE = 200;

    /** KEYS: record, expiry index, list of a user's sessions; ARGV: number of the first copy, number of copies. */
    private static final String COPY = """
            local before, lookup = string.match(KEYS[1], '^(.*:s:)(.*)$')
            local start, tag, rest = string.match(KEYS[3], '^(.*%.)(.*)(}:u)$')
            local due = redis.call('ZSCORE', KEYS[2], lookup)
            for number = ARGV[1], ARGV[1] + ARGV[2] - 1 do
              local digits = string.format('%010.0f', number)
              local other = string.sub(lookup, 1, #lookup - #digits) .. digits
              redis.call('COPY', KEYS[1], before .. other)
              redis.call('ZADD', KEYS[2], string.format('%.0f', due + number % 60000), other)
              redis.call('COPY', KEYS[3], start .. string.sub(tag, 1, #tag - #digits) .. digits .. rest)
            end
            """;

    private final RedisClient redis;
    private final List<String> records;
    private final List<String> users;
    private long copies;

    /** Creates a cloner of all sessions in Redis. */
    SessionCloner(RedisClient redis) {
        this.redis = redis;
        this.records = keys("*:s:*");
        this.users = keys("*:u");
    }

    private List<String> keys(String pattern) {
        return redis.keys(pattern.getBytes(StandardCharsets.US_ASCII)).stream()
                .map(key -> new String(key, StandardCharsets.US_ASCII))
                .sorted()
                .toList();
    }

    /** Adds copies until there is a number of sessions, including the originals. */
    void growTo(long sessions) {
        int original = 0;
        while (records.size() + copies < sessions) {
            long batch = Math.min(AT_ONCE, sessions - records.size() - copies);
            String record = records.get(original);
            String index = record.substring(0, record.lastIndexOf(":s:")) + ":x";
            redis.eval(
                    COPY, List.of(record, index, users.get(original % users.size())), List.of("" + copies, "" + batch));
            copies += batch;
            original = (original + 1) % records.size();
        }
    }
}
