package io.gatehouse.internal.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The variables of an {@code .env} file, as Docker Compose writes them. Immutable.
 *
 * <pre>
 * # a comment
 * REDIS_URL=redis://localhost:6379/1   # a comment, because white space precedes it
 * export GATEHOUSE_APPLICATION="shop"
 * GATEHOUSE_KEYS='2026-11:...'         # literally, even with a dollar sign
 * </pre>
 *
 * <p>Values in single quotes are literal; in double quotes, {@code \n \r \t \" \\ \$} are escapes. Quoted values can have several lines.
 * Nothing is expanded and no command is run: a reference such as {@code ${NAME}} outside of single quotes is an error, because tools
 * disagree on its meaning. The last of several lines with one name counts. Messages contain line numbers, never text of the file.
 */
public final class EnvFile {
    private static final int MAX_BYTES = 1 << 20;

    private final Map<String, String> variables;

    private EnvFile(Map<String, String> variables) {
        this.variables = variables;
    }

    /**
     * Reads a file, which may be a pipe.
     *
     * @throws IllegalArgumentException if the file cannot be read, has more than 1 MiB, or has a malformed line
     */
    public static EnvFile read(String file) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException(
                    "cannot read " + file + "; expected a text file with lines NAME=value: " + e, e);
        }
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException(file + " has more than " + MAX_BYTES + " bytes; expected at most that");
        }
        try {
            return new EnvFile(new EnvFileParser(
                            file,
                            StandardCharsets.UTF_8
                                    .newDecoder()
                                    .decode(ByteBuffer.wrap(bytes))
                                    .toString())
                    .parse());
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(file + " is not a text file; expected UTF-8", e);
        }
    }

    /**
     * Returns the variables in the order of the file, without those that are given elsewhere with precedence: by the same name, or by the
     * counterpart with or without the suffix {@code _FILE}.
     */
    public Map<String, String> without(Predicate<String> given) {
        Map<String, String> rest = new LinkedHashMap<>(variables);
        rest.keySet()
                .removeIf(name -> given.test(name)
                        || given.test(name + Setting.FILE_SUFFIX)
                        || (name.endsWith(Setting.FILE_SUFFIX)
                                && given.test(name.substring(0, name.length() - Setting.FILE_SUFFIX.length()))));
        return rest;
    }
}
