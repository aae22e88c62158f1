package io.gatehouse.internal.rules;

import io.gatehouse.internal.rules.RuleReader.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** A file that holds rules: UTF-8, and of at most 64 KiB. */
record RuleFile(String path, RuleFormat json) {
    static final int LONGEST = 64 * 1024;

    /** What one look at the file has found. */
    sealed interface Look {
        /** What it says. */
        record Text(String text) implements Look {}

        /** Why it says nothing. */
        record Nothing(String reason) implements Look {}
    }

    /** Looks at the file, wherever its path leads now. */
    Look look() {
        try (InputStream bytes = Files.newInputStream(Path.of(path))) {
            return new Look.Text(text(bytes));
        } catch (NoSuchFileException | InvalidPathException e) {
            return new Look.Nothing("there is no such file");
        } catch (IOException e) {
            return new Look.Nothing("it cannot be read: " + e.getMessage());
        }
    }

    /** Makes rules of what was found. */
    Outcome read(Look look) {
        return look instanceof Look.Text found
                ? RuleReader.read(found.text(), json)
                : new Outcome.Rejected(List.of(((Look.Nothing) look).reason()));
    }

    /** @throws IOException whose message says why there is no text */
    static String text(InputStream bytes) throws IOException {
        byte[] found = bytes.readNBytes(LONGEST + 1);
        if (found.length > LONGEST) {
            throw new IOException("longer than " + LONGEST + " bytes");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(found))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException("not UTF-8", e);
        }
    }
}
