package io.gatehouse.internal.session.store;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bound on what one session takes in Redis. Writers keep the attributes below it, with what names, tags and sealing add;
 * readers allow {@link #METADATA} more, for what is no attribute. So what was written can be read.
 *
 * @param most how many bytes the attributes may take
 */
public record RecordSize(int most) {
    /** Keeps the user, the device and the like, which are some hundred bytes. */
    static final int METADATA = 1 << 20;

    /** The name of a field, a tag, lengths, and what sealing adds: 60 bytes at most. */
    private static final int PER_ATTRIBUTE = 64;

    /** How many bytes a whole record may have to be read. */
    long readable() {
        return (long) most + METADATA;
    }

    /** What one attribute takes; nothing if it is not stored. */
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

    public boolean fits(long bytes) {
        return bytes <= most;
    }

    /**
     * Which changes cannot be stored because a session would be too large with them: two nodes may each have added what fits
     * alone. Those that add most come first.
     *
     * @param stored what is stored, which fits
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
