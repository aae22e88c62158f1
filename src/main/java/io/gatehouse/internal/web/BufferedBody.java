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
 * @param rest the part beyond the buffer, or null if there is none
 * @param parameters the fields of the body if it is a form whose fields are parameters of the request, in their order
 */
record BufferedBody(byte[] start, @Nullable InputStream rest, Map<String, List<String>> parameters) {

    InputStream open() {
        InputStream again = new ByteArrayInputStream(start);
        return rest == null ? again : new SequenceInputStream(again, rest);
    }

    /**
     * Reads a body.
     *
     * @param most how many bytes are read at most
     */
    static BufferedBody read(InputStream stream, int most) throws IOException {
        byte[] start = stream.readNBytes(most + 1);
        return new BufferedBody(start, start.length > most ? stream : null, Map.of());
    }

    BufferedBody with(Map<String, List<String>> fields) {
        return new BufferedBody(start, rest, fields);
    }
}
