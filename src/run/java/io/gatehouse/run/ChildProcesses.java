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
 * The child processes of {@code mvn -Prun}. They end with this process. If it was killed before it could end them, the next run does
 * so: a file lists this process and its children with their start times, which distinguish them from later processes with the same id.
 */
final class ChildProcesses {
    private static final int STOP_SECONDS = 15;

    private final Path file;
    private final Deque<ProcessHandle> started = new ArrayDeque<>();
    private boolean closed;

    ChildProcesses(Path file) {
        this.file = file;
    }

    /**
     * Ends the processes that an earlier run left behind, and adds this process to the file.
     *
     * @throws IOException if that run is still active
     */
    void takeOver() throws IOException {
        if (Files.exists(file)) {
            List<String> lines = Files.readAllLines(file);
            if (!lines.isEmpty() && alive(lines.get(0)).isPresent()) {
                throw new IOException("mvn -Prun is already running in this folder; stop it first (process "
                        + lines.get(0).split(" ", 2)[0] + ")");
            }
            lines.forEach(line -> alive(line).ifPresent(ChildProcesses::end));
            Files.delete(file);
        }
        record(ProcessHandle.current());
    }

    private static Optional<ProcessHandle> alive(String line) {
        String[] parts = line.split(" ", 2);
        return parts.length < 2
                ? Optional.empty()
                : ProcessHandle.of(Long.parseLong(parts[0]))
                        .filter(handle -> startOf(handle).equals(parts[1]));
    }

    /** Adds a process that must end with this one. */
    synchronized void add(ProcessHandle handle) throws IOException {
        if (closed) {
            end(handle);
            throw new IOException("cannot add a process: this run is already stopping");
        }
        started.push(handle);
        record(handle);
    }

    private void record(ProcessHandle handle) throws IOException {
        Files.writeString(
                file,
                handle.pid() + " " + startOf(handle) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /** Ends all processes, the last one first. */
    synchronized void endAll() {
        closed = true;
        started.forEach(ChildProcesses::end);
        started.clear();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // harmless: the next run finds none of these processes alive
        }
    }

    private static void end(ProcessHandle handle) {
        CompletableFuture<ProcessHandle> exit = handle.onExit();
        handle.destroy();
        try {
            exit.get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            handle.destroyForcibly();
            exit.join();
        }
    }

    private static String startOf(ProcessHandle handle) {
        Optional<Instant> start = handle.info().startInstant();
        return start.map(Instant::toString).orElse("unknown");
    }
}
