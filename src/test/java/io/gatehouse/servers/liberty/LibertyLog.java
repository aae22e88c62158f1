package io.gatehouse.servers.liberty;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** What a server writes while we wait: each message has a code that is the same in every language. */
final class LibertyLog {
    /** The place before the first message. */
    static final long START = 0;

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final long PAUSE_MILLIS = 50;

    private final Path file;
    private final Process server;

    LibertyLog(Path file, Process server) {
        this.file = file;
        this.server = server;
    }

    /** The place where the next message will be. */
    long end() throws IOException {
        return Files.size(file);
    }

    /**
     * Waits for a message.
     *
     * @param since messages before this place do not count
     * @param word must be in the message, too
     * @param good the code that is hoped for
     * @param bad codes that end all hope
     * @throws IOException if one of these, or the end of the server, or nothing came
     */
    void await(long since, String word, String good, String... bad) throws IOException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            boolean alive = server.isAlive(); // asked first, so that its last words are read
            List<String> lines = since(since);
            for (String line : lines) {
                if (says(line, good, word)) {
                    return;
                }
                if (Arrays.stream(bad).anyMatch(code -> says(line, code, word))) {
                    throw new IOException(line);
                }
            }
            if (!alive || System.nanoTime() > deadline) {
                throw new IOException("no " + good + " from a server that is " + (alive ? "running" : "gone") + "; see "
                        + file + ":\n" + String.join("\n", lines));
            }
            pause();
        }
    }

    private List<String> since(long place) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        byte[] all = Files.readAllBytes(file);
        return new String(all, (int) place, all.length - (int) place, StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    private static boolean says(String line, String code, String word) {
        int at = line.indexOf(code + ":");
        return at >= 0 && line.indexOf(word, at) >= 0;
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
