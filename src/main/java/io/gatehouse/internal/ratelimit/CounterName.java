package io.gatehouse.internal.ratelimit;

import io.gatehouse.internal.redis.ScriptArgs;

/** The name of a counter. Immutable. */
final class CounterName {
    private final String id;
    private final String slotGroup;
    private final String key;
    private final byte[] keyBytes;

    /**
     * @param id identifies the counter; a keyed hash, which reveals nothing about the counted client
     * @param slotGroup the hash tag of the Redis key: counters of one group share a slot of a cluster, so that one script decides them
     * @param key the Redis key
     */
    CounterName(String id, String slotGroup, String key) {
        this.id = id;
        this.slotGroup = slotGroup;
        this.key = key;
        this.keyBytes = ScriptArgs.encode(key);
    }

    String id() {
        return id;
    }

    String slotGroup() {
        return slotGroup;
    }

    String key() {
        return key;
    }

    /** Returns the key as it is sent to Redis; not to be modified. */
    byte[] keyBytes() {
        return keyBytes;
    }

    @Override
    public String toString() {
        return id;
    }
}
