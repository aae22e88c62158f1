package io.gatehouse.internal.warmup;

import java.sql.Blob;
import java.sql.Clob;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/** What a driver gives for a column as a plain value: text, a number, a boolean, bytes, an Instant. */
final class SqlColumns {
    /** The longest text or bytes of one column; half of it would be a wrong value, so there is none. */
    private static final int LONGEST = 64 * 1024;

    private SqlColumns() {}

    static @Nullable Object plain(@Nullable Object value) throws SQLException {
        if (value == null
                || value instanceof String
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof byte[]) {
            return value;
        }
        if (value instanceof Timestamp moment) {
            return moment.toInstant();
        }
        if (value instanceof OffsetDateTime moment) {
            return moment.toInstant();
        }
        if (value instanceof ZonedDateTime moment) {
            return moment.toInstant();
        }
        if (value instanceof Clob text) {
            return text.getSubString(1, length(text.length()));
        }
        if (value instanceof Blob bytes) {
            return bytes.getBytes(1, length(bytes.length()));
        }
        return value.toString();
    }

    private static int length(long found) throws SQLException {
        if (found > LONGEST) {
            throw new SQLException("a column is longer than " + LONGEST, "22001");
        }
        return (int) found;
    }
}
