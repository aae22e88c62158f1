package io.gatehouse.internal.session.store;

import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The encoded bytes of one attribute, as they are or will be stored.
 *
 * @param bytes never encrypted here
 * @param slot the number of the hash field that holds it alone, or {@link #INLINE} if it travels in the pack
 * @param tag what the pack says about that field; empty for an inline value or one that was not stored yet
 */
public record StoredValue(byte[] bytes, int slot, byte[] tag) {
    static final int INLINE = -1;

    /** Up to this size a value travels in the pack: a field of its own would cost more than the value. */
    static final int LONGEST_INLINE = 256;

    private static final byte[] NO_TAG = {};

    public static StoredValue inline(byte[] bytes) {
        return new StoredValue(bytes, INLINE, NO_TAG);
    }

    public static StoredValue separate(byte[] bytes, int slot) {
        return new StoredValue(bytes, slot, NO_TAG);
    }

    /**
     * Where a value that changed is to be stored: in the pack if it is short, else in its field of before, else in a free one.
     *
     * @param slots the fields that are taken; the one that is chosen is added
     */
    public static StoredValue place(byte[] bytes, @Nullable StoredValue before, Set<Integer> slots) {
        if (bytes.length <= LONGEST_INLINE) {
            return inline(bytes);
        }
        if (before != null && !before.isInline()) {
            return separate(bytes, before.slot());
        }
        int slot = 0;
        while (!slots.add(slot)) {
            slot++;
        }
        return separate(bytes, slot);
    }

    boolean isInline() {
        return slot == INLINE;
    }

    public boolean hasBytes(byte[] others) {
        return Arrays.equals(bytes, others);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StoredValue that && slot == that.slot && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}
