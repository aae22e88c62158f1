package io.gatehouse.internal.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * The lines of a log, whatever is in it: of a line that is longer than 16 KiB only the beginning is kept, and bytes that are not
 * UTF-8 are replaced. For one thread.
 */
record LogLines(InputStream bytes) {
    static final int LONGEST = 16 * 1024;

    void forEach(Consumer<String> reader) throws IOException {
        InputStream in = new BufferedInputStream(bytes, 64 * 1024);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean begun = false;
        for (int next = in.read(); next >= 0; next = in.read()) {
            begun = next != '\n';
            if (!begun) {
                reader.accept(text(line));
                line.reset();
            } else if (line.size() < LONGEST) {
                line.write(next);
            }
        }
        if (begun) {
            reader.accept(text(line));
        }
    }

    private static String text(ByteArrayOutputStream line) {
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
