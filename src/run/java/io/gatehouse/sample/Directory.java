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

/** A slow directory of users and their display names, in a folder that all nodes share. */
final class Directory {
    /** The users in the directory. */
    static final List<String> PEOPLE = Stream.concat(
                    Stream.of("alice", "bob"), IntStream.rangeClosed(3, 60).mapToObj("guest-%02d"::formatted))
            .toList();

    static final String NAME = "name";
    static final String LOADED = "loaded";
    static final String NODE = "node";

    private Directory() {}

    /** Returns the entry of a user, with the time and the node that loaded it. All its types can be cached without a class name. */
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

    /** Changes the display name of a user. */
    static void rename(String user, String name) throws IOException {
        Path file = file(user);
        Path temporary = Files.createTempFile(Files.createDirectories(file.getParent()), user, ".new");
        Files.writeString(temporary, name, StandardCharsets.UTF_8);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path file(String user) {
        if (!PEOPLE.contains(user)) {
            throw new IllegalArgumentException(
                    "the directory has no user of that name; expected one of Directory.PEOPLE");
        }
        return Path.of(System.getenv().getOrDefault("SAMPLE_DIRECTORY", "sample-directory"), user);
    }
}
