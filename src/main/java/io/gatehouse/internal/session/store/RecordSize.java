package io.gatehouse.internal.session.store;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The maximum size of a session in Redis. Writers apply it to the attributes, including their names, tags and encryption overhead.
 * Readers allow {@link #METADATA} bytes more, for everything else. A record that was written can therefore always be read. Immutable.
 *
 * @param most the maximum size of the attributes, in bytes
 */
public record RecordSize(int most) {
    /** The bytes that readers allow for the metadata, which usually takes some hundred bytes. */
    static final int METADATA = 1 << 20;

    /** The overhead of one attribute: the name of its field, its tag, lengths and encryption take at most 60 bytes. */
    private static final int PER_ATTRIBUTE = 64;

    /** Returns the size in bytes up to which a whole record is read. */
    long readable() {
        return (long) most + METADATA;
    }

    /** Returns the size of one attribute; 0 if it is not stored. */
    public static long of(String name, byte @Nullable [] bytes) {
        return bytes == null ? 0 : name.getBytes(StandardCharsets.UTF_8).length + bytes.length + PER_ATTRIBUTE;
    }

    static long of(Map<String, StoredValue> values) {
        long sum = 0;
        for (Map.Entry<String, StoredValue> value : values.entrySet()) {
            sum += of(value.getKey(), value.getValue().bytes());
        }
        return sum;
    }

    /** Returns whether attributes of a size can be stored. */
    boolean fits(long bytes) {
        return bytes <= most;
    }

    /**
     * Checks that an attribute can be added.
     *
     * @param whole the size of all attributes with it
     * @throws IllegalArgumentException if they cannot be stored
     */
    public void requireFit(String name, byte[] bytes, long whole) {
        if (!fits(whole)) {
            throw new IllegalArgumentException("session attribute '" + name + "' does not fit: with its " + bytes.length
                    + " bytes the session would take " + whole + " bytes, the limit is " + most
                    + " (GATEHOUSE_SESSION_MAX_BYTES)");
        }
    }

    /**
     * Returns the names of the changes that must be dropped so that the session does not exceed the maximum size. This happens if two
     * nodes have each added an attribute that fits alone. The changes that add most are dropped first.
     *
     * @param values the attributes with all changes
     * @param stored the attributes in Redis, which fit
     */
    public List<String> beyond(Map<String, StoredValue> values, Map<String, StoredValue> stored) {
        long sum = of(values);
        List<String> names = new ArrayList<>();
        if (fits(sum)) {
            return names;
        }
        List<String> grown = values.keySet().stream()
                .filter(name -> growth(name, values, stored) > 0)
                .sorted(Comparator.comparing((String name) -> -growth(name, values, stored)))
                .toList();
        for (String name : grown) {
            if (!fits(sum)) {
                names.add(name);
                sum -= growth(name, values, stored);
            }
        }
        return names;
    }

    private static long growth(String name, Map<String, StoredValue> values, Map<String, StoredValue> stored) {
        return of(name, bytes(values.get(name))) - of(name, bytes(stored.get(name)));
    }

    private static byte @Nullable [] bytes(@Nullable StoredValue value) {
        return value == null ? null : value.bytes();
    }
}
