package io.gatehouse.internal.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request that was read into a buffer and can be read again. The part beyond the buffer is read from the
 * connection.
 *
 * @param start the part in the buffer
 * @param rest the part beyond the buffer, or null if the buffer holds all
 * @param parameters the fields of the body if it is a form whose fields are parameters of the request, in their order
 */
record BufferedBody(byte[] start, @Nullable InputStream rest, Map<String, List<String>> parameters) {

    /** Returns the whole body from its start. */
    InputStream open() {
        InputStream replayed = new ByteArrayInputStream(start);
        return rest == null ? replayed : new SequenceInputStream(replayed, rest);
    }

    /**
     * Reads a body into a buffer.
     *
     * @param most the maximum number of bytes in the buffer
     */
    static BufferedBody read(InputStream stream, int most) throws IOException {
        byte[] start = stream.readNBytes(most + 1);
        return new BufferedBody(start, start.length > most ? stream : null, Map.of());
    }

    /** Returns this body with the fields of a form. */
    BufferedBody with(Map<String, List<String>> fields) {
        return new BufferedBody(start, rest, fields);
    }
}
