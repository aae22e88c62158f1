package io.gatehouse.internal.session.store;

import java.util.Map;

/**
 * A record that was read and found to be exactly what we had signed.
 *
 * @param seal the last 32 bytes of its metadata field, by which a save says what it changes
 * @param current whether it was written with today's key and today's choice about encryption
 */
public record StoredSession(SessionMetadata metadata, byte[] seal, Map<String, StoredValue> values, boolean current) {

    @Override
    public String toString() {
        return "version " + metadata.version();
    }
}
