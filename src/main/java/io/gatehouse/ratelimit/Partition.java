package io.gatehouse.ratelimit;

import io.gatehouse.redis.ScriptArgs;

/**
 * One counter: a rule, and one value of what it counts by.
 *
 * @param hash tells counters apart, and nothing about what they count
 * @param tag counters with the same tag share a slot of a cluster, so that one script can decide them together
 * @param key the Redis key
 */
record Partition(String hash, String tag, String key) {
    /** The key of the number of tokens that requests under way hold. */
    byte[] holdsBytes() {
        return ScriptArgs.encode(key + ":h");
    }

    byte[] keyBytes() {
        return ScriptArgs.encode(key);
    }
}
