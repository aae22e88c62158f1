package io.gatehouse.internal.session;

import io.gatehouse.internal.session.store.SessionMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The change that a save writes. Immutable.
 *
 * @param revisionTag the revision tag of the stored record, or null for a new session
 * @param before the stored metadata
 * @param metadata the new metadata
 * @param rewrite whether all attributes must be written, because the signing key or the encryption has changed
 * @param idChanges the id changes that this change includes
 * @param repeated whether it follows a save that got no reply, whose effects must be repeated
 */
record SessionChange(
        byte @Nullable [] revisionTag,
        SessionMetadata before,
        SessionMetadata metadata,
        AttributeDraft attributes,
        boolean rewrite,
        MetadataChanges.IdChanges idChanges,
        boolean repeated) {

    /** Returns whether this change creates a session without a user. */
    boolean isAnonymousCreation() {
        return revisionTag == null && metadata.user().isEmpty();
    }
}
