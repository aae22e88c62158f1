package io.gatehouse.internal.session.token;

import java.util.Arrays;

/**
 * The names of a session that {@link KeyNames} derives from its secret id. Immutable.
 *
 * @param kid the signing key that the names are derived with
 * @param handle the name in logs, events and the admin API; neither the id nor (without the key) the Redis key follows from it
 * @param lookup the part of the Redis key that identifies the session; also its member in the expiry index
 * @param recordKey the key of the session record
 * @param indexKey the key of the expiry index of the session's bucket, in the same cluster slot as the record
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
