package io.gatehouse.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The processes we started. They end with us; if we were killed before we could end them, the next start does it, which is
 * why they are written down with their start times, after ourselves.
 */
final class ChildProcesses {
    private static final int GENTLE_SECONDS = 15;

    private final Path file;
    private final Deque<ProcessHandle> started = new ArrayDeque<>();
    private boolean ending;

    ChildProcesses(Path file) {
        this.file = file;
    }

    /**
     * Ends what an earlier run left behind, and writes us down.
     *
     * @throws IOException if that run is still there, which is then left alone
     */
    void takeOver() throws IOException {
        if (Files.exists(file)) {
            List<String> lines = Files.readAllLines(file);
            if (!lines.isEmpty() && alive(lines.get(0)).isPresent()) {
                throw new IOException("mvn -Prun is running in this folder already; stop it first (process "
                        + lines.get(0).split(" ", 2)[0] + ")");
            }
            lines.forEach(line -> alive(line).ifPresent(ChildProcesses::end));
            Files.delete(file);
        }
        note(ProcessHandle.current());
    }

    private static Optional<ProcessHandle> alive(String line) {
        String[] parts = line.split(" ", 2);
        return parts.length < 2
                ? Optional.empty()
                : ProcessHandle.of(Long.parseLong(parts[0]))
                        .filter(handle -> startOf(handle).equals(parts[1]));
    }

    synchronized void add(ProcessHandle handle) throws IOException {
        if (ending) {
            end(handle);
            throw new IOException("we are ending");
        }
        started.push(handle);
        note(handle);
    }

    private void note(ProcessHandle handle) throws IOException {
        Files.writeString(
                file,
                handle.pid() + " " + startOf(handle) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /** Ends all, the last one first. */
    synchronized void endAll() {
        ending = true;
        started.forEach(ChildProcesses::end);
        started.clear();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // the next start finds nothing alive in it
        }
    }

    private static void end(ProcessHandle handle) {
        CompletableFuture<ProcessHandle> gone = handle.onExit();
        handle.destroy();
        try {
            gone.get(GENTLE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            handle.destroyForcibly();
            gone.join();
        }
    }

    private static String startOf(ProcessHandle handle) {
        Optional<Instant> start = handle.info().startInstant();
        return start.map(Instant::toString).orElse("unknown");
    }
}
