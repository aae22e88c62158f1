package io.gatehouse.internal.session.store;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The encoded value of one attribute, and its place in the session record. Immutable.
 *
 * @param bytes the encoded value, not encrypted
 * @param slot the number of the separate field that holds the value, or {@link #INLINE} if the pack holds it
 * @param tag the MAC of the separate field; empty for an inline value and for a value that is not stored yet
 */
public record StoredValue(byte[] bytes, int slot, byte[] tag) {
    static final int INLINE = -1;

    /** The size up to which the pack holds a value. A separate field would take more memory than the value. */
    static final int LONGEST_INLINE = 256;

    /** The most bytes of a length or a slot. */
    private static final int LONGEST_NUMBER = 5;

    private static final byte[] NO_TAG = {};

    /** Returns a value that the pack holds. */
    public static StoredValue inline(byte[] bytes) {
        return new StoredValue(bytes, INLINE, NO_TAG);
    }

    /** Returns a value that a separate field holds. */
    public static StoredValue separate(byte[] bytes, int slot) {
        return new StoredValue(bytes, slot, NO_TAG);
    }

    /**
     * Returns a changed value with its place: the pack if the value is short, otherwise its previous field, otherwise the first free
     * field.
     *
     * @param slots the numbers of the fields in use; the chosen number is added
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

    /** Returns about how many bytes a pack of values needs. */
    static int packSize(Map<String, StoredValue> values) {
        int size = LONGEST_NUMBER;
        for (Map.Entry<String, StoredValue> entry : values.entrySet()) {
            StoredValue value = entry.getValue();
            int content = value.isInline() ? value.bytes.length : value.tag.length;
            size += entry.getKey().length() + content + 1 + 2 * LONGEST_NUMBER;
        }
        return size;
    }

    boolean isInline() {
        return slot == INLINE;
    }

    /** Returns whether the encoded value equals other bytes. */
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
