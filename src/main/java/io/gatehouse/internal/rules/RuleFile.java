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

/** A file of rules, in UTF-8 and at most 64 KiB long. Immutable; each {@link #load} reads the file again. */
record RuleFile(String path, RuleFormat json) {
    static final int LONGEST = 64 * 1024;

    /** The content of the file at one time. */
    sealed interface Content {
        /** The file was read. */
        record Text(String text) implements Content {}

        /** The file could not be read. */
        record Missing(String reason) implements Content {}
    }

    /** Reads the file; follows symbolic links each time. */
    Content load() {
        try (InputStream bytes = Files.newInputStream(Path.of(path))) {
            return new Content.Text(text(bytes));
        } catch (NoSuchFileException | InvalidPathException e) {
            return new Content.Missing("there is no such file");
        } catch (IOException e) {
            return new Content.Missing("it cannot be read: " + e.getMessage());
        }
    }

    /** Parses the rules in a content. */
    Outcome parse(Content content) {
        return content instanceof Content.Text found
                ? RuleReader.read(found.text(), json)
                : new Outcome.Rejected(List.of(((Content.Missing) content).reason()));
    }

    /**
     * Reads a text.
     *
     * @throws IOException if the bytes cannot be read, are too many or are not UTF-8; the message says which
     */
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
