package io.gatehouse.internal.session.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last use of a record, from its field {@code t}. Only scripts write this field; it is not signed. Immutable.
 *
 * @param at the time of the last use, in milliseconds since 1970
 * @param idleMillis the idle timeout in milliseconds, or 0 for none
 * @param end the absolute end in milliseconds since 1970, or 0 for none
 */
public record LastUse(long at, long idleMillis, long end) {
    static final String FIELD = "t";

    private static final int CHECK_LENGTH = 8;

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

    /** Returns the content of a field whose check is right, or null. */
    static @Nullable LastUse checked(byte[] field) {
        String text = new String(field, StandardCharsets.US_ASCII);
        int check = text.lastIndexOf('/');
        String[] parts = text.split("/", -1);
        if (parts.length != 4 || !text.substring(check + 1).equals(check(text.substring(0, check)))) {
            return null;
        }
        try {
            return new LastUse(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static String check(String body) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(body.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest).substring(0, CHECK_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            return ""; // no field is right then, and the scripts check the fields
        }
    }

    /** Returns whether the session is alive at a time, and less than half of its idle timeout has passed. */
    boolean isRecent(long now) {
        return (end == 0 || now < end) && (idleMillis == 0 || now - at < idleMillis / 2);
    }
}
