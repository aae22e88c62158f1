package io.gatehouse.internal.web;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The writer of a response that saves the session before the container sends the first byte. */
final class CommitWriter extends Writer {
    private static final int MAX_BYTES_PER_CHAR = 4;

    private final PrintWriter out;
    private final SessionResponse response;
    private final boolean utf8;
    private final boolean oneByte;

    CommitWriter(PrintWriter out, SessionResponse response, @Nullable String encoding) {
        super(out);
        this.out = out;
        this.response = response;
        String name = encoding == null ? "iso-8859-1" : encoding.toLowerCase(Locale.ROOT);
        this.utf8 = name.equals("utf-8");
        this.oneByte = name.startsWith("iso-8859") || name.equals("us-ascii");
    }

    @Override
    public void write(int character) {
        if (response.beforeWrite(bytes((char) character))) {
            out.write(character);
        }
    }

    @Override
    public void write(char[] characters, int offset, int length) {
        long bytes = 0;
        for (int i = offset; i < offset + length; i++) {
            bytes += bytes(characters[i]);
        }
        if (response.beforeWrite(bytes)) {
            out.write(characters, offset, length);
        }
    }

    @Override
    public void write(String text, int offset, int length) {
        long bytes = 0;
        for (int i = offset; i < offset + length; i++) {
            bytes += bytes(text.charAt(i));
        }
        if (response.beforeWrite(bytes)) {
            out.write(text, offset, length);
        }
    }

    @Override
    public void flush() throws IOException {
        if (response.saveSession()) {
            out.flush();
            if (out.checkError()) {
                throw new IOException(
                        "the response could not be written; the client has probably closed the connection");
            }
        }
    }

    @Override
    public void close() {
        if (response.saveSession()) {
            out.close();
        }
    }

    private int bytes(char character) {
        if (oneByte || (utf8 && character < 0x80)) {
            return 1;
        }
        if (utf8) {
            return character < 0x800 || Character.isSurrogate(character) ? 2 : 3;
        }
        return MAX_BYTES_PER_CHAR;
    }
}
