package io.gatehouse.internal.springsession;

import io.gatehouse.internal.serialization.UnsignedValueReader;
import io.gatehouse.internal.serialization.ValueCodec;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A record of Spring Session: three fields with times, and one field {@code sessionAttr:<name>} for each attribute, all values in Java
 * serialization. Immutable.
 *
 * @param createdAt the time of creation, in milliseconds since 1970
 * @param lastAccessedAt the time of the last request, in milliseconds since 1970
 * @param idleSeconds the idle timeout in seconds; negative for none
 * @param attributes the attributes as they are stored
 */
record SpringSessionRecord(long createdAt, long lastAccessedAt, long idleSeconds, Map<String, byte[]> attributes) {
    private static final String ATTRIBUTE = "sessionAttr:";

    /** Returns a record, or null if its times cannot be read, for example because they are JSON. */
    static @Nullable SpringSessionRecord of(
            Map<String, byte[]> fields, UnsignedValueReader values, ClassLoader loader) {
        Long createdAt = number(fields.get("creationTime"), values, loader);
        Long lastAccessedAt = number(fields.get("lastAccessedTime"), values, loader);
        Long idleSeconds = number(fields.get("maxInactiveInterval"), values, loader);
        if (createdAt == null || createdAt <= 0 || lastAccessedAt == null || idleSeconds == null) {
            return null;
        }
        Map<String, byte[]> attributes = new HashMap<>();
        fields.forEach((name, bytes) -> {
            if (name.startsWith(ATTRIBUTE)
                    && bytes.length > 0) { // Spring Session writes nothing for a removed attribute
                attributes.put(name.substring(ATTRIBUTE.length()), bytes);
            }
        });
        return new SpringSessionRecord(createdAt, lastAccessedAt, idleSeconds, attributes);
    }

    private static @Nullable Long number(byte @Nullable [] bytes, UnsignedValueReader values, ClassLoader loader) {
        return bytes != null
                        && values.decode(bytes, loader) instanceof ValueCodec.Value value
                        && value.value() instanceof Number number
                ? number.longValue()
                : null;
    }

    /** Returns whether the session had expired at a time, by the rule of Spring Session. */
    boolean isExpired(long now) {
        return idleSeconds >= 0 && now - idleSeconds * 1000 >= lastAccessedAt;
    }

    /**
     * Returns the values of the attributes.
     *
     * @param unreadable called with the name of an attribute that cannot be read, and the reason
     */
    Map<String, Object> values(UnsignedValueReader values, ClassLoader loader, BiConsumer<String, String> unreadable) {
        Map<String, Object> readable = new HashMap<>();
        attributes.forEach((name, bytes) -> {
            ValueCodec.Decoded decoded = values.decode(bytes, loader);
            if (decoded instanceof ValueCodec.Value value) {
                readable.put(name, value.value());
            } else if (decoded instanceof ValueCodec.Unreadable reason) {
                unreadable.accept(name, reason.why());
            }
        });
        return readable;
    }
}
