package io.gatehouse.internal.session.store;

import java.util.Map;

/**
 * A session record that was read and verified. Immutable.
 *
 * @param revisionTag the last 32 bytes of the metadata field; a save names the revision tag that it replaces
 * @param current whether the record was written with the current signing key and the current encryption setting
 */
public record StoredSession(
        SessionMetadata metadata, byte[] revisionTag, Map<String, StoredValue> values, boolean current) {

    @Override
    public String toString() {
        return "version " + metadata.version();
    }
}
