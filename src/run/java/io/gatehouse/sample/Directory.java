package io.gatehouse.sample;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The people and how they want to be called: a slow directory in a folder that all nodes share. */
final class Directory {
    /** All people it knows. */
    static final List<String> PEOPLE = Stream.concat(
                    Stream.of("alice", "bob"), IntStream.rangeClosed(3, 60).mapToObj("guest-%02d"::formatted))
            .toList();

    static final String NAME = "name";
    static final String LOADED = "loaded";
    static final String NODE = "node";

    private Directory() {}

    /** What it says about somebody, when, and to which node; made of types that the cache keeps without a class name. */
    static Map<String, Object> entry(String user, Duration slowness) throws IOException, InterruptedException {
        Thread.sleep(slowness.toMillis());
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put(NAME, name(user));
        entry.put(LOADED, Instant.now());
        entry.put(NODE, Page.node());
        return entry;
    }

    private static String name(String user) throws IOException {
        try {
            return Files.readString(file(user));
        } catch (NoSuchFileException e) {
            return user;
        }
    }

    /** Calls somebody by another name from now on. */
    static void rename(String user, String name) throws IOException {
        Path file = file(user);
        Path written = Files.createTempFile(Files.createDirectories(file.getParent()), user, ".new");
        Files.writeString(written, name, StandardCharsets.UTF_8);
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path file(String user) {
        if (!PEOPLE.contains(user)) {
            throw new IllegalArgumentException("nobody of that name in the directory");
        }
        return Path.of(System.getenv().getOrDefault("SAMPLE_DIRECTORY", "sample-directory"), user);
    }
}
