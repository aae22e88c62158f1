package io.gatehouse.internal.session;

import io.gatehouse.internal.session.store.StoredValue;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides for each attribute whether this node keeps its own value when another revision becomes the base. It keeps what it has set,
 * removed or changed, and what the other revision does not change. A save that got no reply, or that requests of a former id have made, may be
 * part of the other revision: its values are no change by another node, and they yield to any other value, which may be later. Immutable.
 *
 * @param base the values of the present base
 * @param sent the values of such a save; those of the base if there is none
 * @param draft a draft that was compared with the base; attributes that were set after it are found by comparison
 */
record AttributeMerge(Map<String, StoredValue> base, Map<String, StoredValue> sent, AttributeDraft draft) {

    /**
     * Returns whether this node keeps its own value.
     *
     * @param own the attribute on this node, or null
     * @param other the value of the other revision, or null
     */
    boolean keeps(String name, @Nullable SessionAttribute own, @Nullable StoredValue other) {
        StoredValue before = base.get(name);
        StoredValue tried = sent.get(name);
        if (isSame(other, before) || isSame(other, tried)) {
            return true;
        }
        boolean changed = draft.changedNames().contains(name)
                || (own == null ? before != null : !own.isStoredAs(before)); // set or removed after the draft
        return changed && (isSame(tried, before) || !isStill(own, tried));
    }

    private static boolean isSame(@Nullable StoredValue one, @Nullable StoredValue two) {
        return one == null ? two == null : two != null && one.hasBytes(two.bytes());
    }

    /** Returns whether an attribute still has the value that may be stored. */
    private boolean isStill(@Nullable SessionAttribute own, @Nullable StoredValue tried) {
        byte[] present = own == null ? null : draft.encodings().getOrDefault(own, own.bytes());
        return Arrays.equals(present, tried == null ? null : tried.bytes());
    }
}
