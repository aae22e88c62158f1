package io.gatehouse.internal.session.store;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Reads the last use of a record, in milliseconds since 1970, from its field {@code t}. Only scripts write this field; it is not
 * signed.
 */
public final class LastUse {
    private static final String FIELD = "t";

    private LastUse() {}

    /** Returns the last use of a record, or 0 if it is unknown. */
    public static long parse(Map<String, byte[]> fields) {
        byte[] field = fields.get(FIELD);
        return field == null ? 0 : parse(new String(field, StandardCharsets.UTF_8));
    }

    /** Returns the last use that a field contains, or 0 if the field is malformed. */
    static long parse(String field) {
        int slash = field.indexOf('/');
        try {
            return slash < 0 ? 0 : Long.parseLong(field.substring(0, slash));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
