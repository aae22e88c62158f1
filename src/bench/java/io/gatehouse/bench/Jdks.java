package io.gatehouse.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds an installed JDK by its version, where installers and version managers put them. */
final class Jdks {
    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)");

    private Jdks() {}

    /** Returns the home of the oldest JDK that has at least a version; {@code -Dbench.jdk=...} names one. */
    static Optional<Path> find(int version) throws IOException {
        String configured = System.getProperty("bench.jdk", "");
        if (!configured.isEmpty()) {
            return Optional.of(Path.of(configured));
        }
        Path home = Path.of(System.getProperty("user.home"));
        Path java = Path.of(System.getProperty("java.home"));
        List<Path> places = new ArrayList<>(List.of(
                Path.of("/usr/lib/jvm"),
                Path.of("/usr/java"),
                Path.of("/opt"),
                Path.of("/Library/Java/JavaVirtualMachines"),
                home.resolve(".sdkman/candidates/java"),
                home.resolve(".jdks"),
                home.resolve(".asdf/installs/java"),
                home.resolve(".local/share/mise/installs/java")));
        if (java.getParent() != null) {
            places.add(java.getParent());
        }
        List<Path> found = new ArrayList<>();
        for (Path place : places) {
            if (Files.isDirectory(place)) {
                try (Stream<Path> below = Files.list(place)) {
                    below.flatMap(folder -> Stream.of(folder, folder.resolve("Contents/Home")))
                            .filter(folder ->
                                    Files.isExecutable(folder.resolve("bin/java")) && versionOf(folder) >= version)
                            .forEach(found::add);
                }
            }
        }
        return found.stream().min(Comparator.comparingInt(Jdks::versionOf).thenComparing(Comparator.naturalOrder()));
    }

    /** Returns the major version of a JDK, or 0 if it does not say. */
    static int versionOf(Path home) {
        try {
            Matcher version = VERSION.matcher(Files.readString(home.resolve("release")));
            return version.find() ? Integer.parseInt(version.group(1)) : 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
