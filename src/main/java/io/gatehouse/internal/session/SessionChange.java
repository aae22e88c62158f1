package io.gatehouse.internal.session;

import io.gatehouse.internal.session.store.SessionMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What a save has to write.
 *
 * @param seal what is stored now, null for nothing
 * @param before the metadata as stored
 * @param rewrite whether everything must be written, because the key has changed
 * @param idChanges the changes of the id that it covers
 */
record SessionChange(
        byte @Nullable [] seal,
        SessionMetadata before,
        SessionMetadata metadata,
        AttributeDraft attributes,
        boolean rewrite,
        MetadataChanges.IdChanges idChanges) {

    /** Whether it stores a new session that has no user. */
    boolean isAnonymousCreation() {
        return seal == null && metadata.user().isEmpty();
    }
}
