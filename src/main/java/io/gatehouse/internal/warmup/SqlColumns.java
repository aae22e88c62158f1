package io.gatehouse.internal.warmup;

import java.sql.Blob;
import java.sql.Clob;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/** Converts the column values of a JDBC driver to plain values: texts, numbers, booleans, bytes and instants. */
final class SqlColumns {
    /** The maximum length of a text or of bytes. A longer value fails, because a truncated one would be wrong. */
    private static final int MAX_LENGTH = 64 * 1024;

    private SqlColumns() {}

    static @Nullable Object plain(@Nullable Object value) throws SQLException {
        if (value == null
                || value instanceof String
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof byte[]) {
            return value;
        }
        if (value instanceof Timestamp timestamp) {
            return timestamp.toInstant();
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
        if (found > MAX_LENGTH) {
            throw new SQLException(
                    "A column has " + found + " characters or bytes; expected at most " + MAX_LENGTH, "22001");
        }
        return (int) found;
    }
}
