package io.gatehouse.internal.session.token;

import java.util.Arrays;

/**
 * Where a session is stored and what others may call it.
 *
 * @param handle what people, logs and events see; leads back neither to the id nor, without the key, to the Redis key
 * @param lookup the session's part of its Redis key, and its member in the expiry index
 * @param recordKey the hash that holds the session
 * @param indexKey the expiry index of its bucket; in one cluster slot with the record
 */
public record SessionKeys(String kid, String handle, String lookup, byte[] recordKey, byte[] indexKey) {

    @Override
    public boolean equals(Object other) {
        return other instanceof SessionKeys that && kid.equals(that.kid) && lookup.equals(that.lookup);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(recordKey);
    }

    @Override
    public String toString() {
        return "session " + handle;
    }
}
