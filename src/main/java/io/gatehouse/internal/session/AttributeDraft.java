package io.gatehouse.internal.session;

import io.gatehouse.internal.session.store.StoredValue;
import java.util.Map;
import java.util.Set;

/**
 * The encoded attributes of a session at one moment. Immutable.
 *
 * @param values all values; those that are stored already have their tags
 * @param changedNames the names whose value or presence differs from the stored record
 * @param encodings the new bytes of values that were changed in place
 * @param moment the moment before the values were encoded
 */
record AttributeDraft(
        Map<String, StoredValue> values,
        Set<String> changedNames,
        Map<SessionAttribute, byte[]> encodings,
        ChangeCounts.Moment moment) {

    /** Returns whether any attribute differs from the stored record. */
    boolean changed() {
        return !changedNames.isEmpty();
    }
}
