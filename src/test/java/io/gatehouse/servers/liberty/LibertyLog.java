package io.gatehouse.servers.liberty;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Waits for messages in the log of a server. Each message has a code that does not depend on the language. */
final class LibertyLog {
    /** The position before the first message. */
    static final long START = 0;

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final long PAUSE_MILLIS = 50;

    private final Path file;
    private final Process server;

    LibertyLog(Path file, Process server) {
        this.file = file;
        this.server = server;
    }

    /** Returns the position of the next message. */
    long end() throws IOException {
        return Files.size(file);
    }

    /**
     * Waits for a message.
     *
     * @param since the position from which to read
     * @param word a word that the message must also contain
     * @param expected the code of the expected message
     * @param failures the codes of messages after which the expected one will not appear
     * @throws IOException if a failure appeared, the server ended, or the time limit passed
     */
    void await(long since, String word, String expected, String... failures) throws IOException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            boolean alive = server.isAlive(); // checked before reading, so that its last messages are read
            List<String> lines = since(since);
            for (String line : lines) {
                if (contains(line, expected, word)) {
                    return;
                }
                if (Arrays.stream(failures).anyMatch(code -> contains(line, code, word))) {
                    throw new IOException(line);
                }
            }
            if (!alive || System.nanoTime() > deadline) {
                throw new IOException(
                        "expected message " + expected + " from a server that " + (alive ? "is running" : "has ended")
                                + "; its log is " + file + ":\n" + String.join("\n", lines));
            }
            pause();
        }
    }

    private List<String> since(long position) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        byte[] all = Files.readAllBytes(file);
        return new String(all, (int) position, all.length - (int) position, StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    private static boolean contains(String line, String code, String word) {
        int at = line.indexOf(code + ":");
        return at >= 0 && line.indexOf(word, at) >= 0;
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for a message", e);
        }
    }
}
