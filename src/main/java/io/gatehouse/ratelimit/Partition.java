package io.gatehouse.ratelimit;

import java.nio.charset.StandardCharsets;

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
        return (key + ":h").getBytes(StandardCharsets.UTF_8);
    }

    byte[] keyBytes() {
        return key.getBytes(StandardCharsets.UTF_8);
    }
}
