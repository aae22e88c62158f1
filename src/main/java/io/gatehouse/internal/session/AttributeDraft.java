package io.gatehouse.internal.session;

import io.gatehouse.internal.session.store.StoredValue;
import java.util.Map;
import java.util.Set;

/**
 * What the attributes of a session are at one moment.
 *
 * @param values everything that is to be stored; what is stored already has its tag
 * @param changedNames the names whose value or presence differs from what is stored
 * @param encodings what changed in place
 * @param revision the {@link SessionAttributes#revision()} that it was compared with
 */
record AttributeDraft(
        Map<String, StoredValue> values,
        Set<String> changedNames,
        Map<SessionAttribute, byte[]> encodings,
        long revision) {

    boolean changed() {
        return !changedNames.isEmpty();
    }
}
