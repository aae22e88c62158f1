package io.gatehouse.internal.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Reads the lines of a log of any content and size. Lines longer than 16 KiB are truncated, and bytes that are not
 * UTF-8 are replaced. Not thread-safe.
 */
record LogLines(InputStream bytes) {
    static final int MAX_LINE_BYTES = 16 * 1024;

    void forEach(Consumer<String> reader) throws IOException {
        InputStream in = new BufferedInputStream(bytes, 64 * 1024);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean inLine = false;
        for (int next = in.read(); next >= 0; next = in.read()) {
            inLine = next != '\n';
            if (!inLine) {
                reader.accept(text(line));
                line.reset();
            } else if (line.size() < MAX_LINE_BYTES) {
                line.write(next);
            }
        }
        if (inLine) {
            reader.accept(text(line));
        }
    }

    private static String text(ByteArrayOutputStream line) {
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
