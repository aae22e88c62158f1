package io.gatehouse.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The JDKs of this machine, found where installers, version managers and build servers put them. */
public final class Jdks {
    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)");

    private Jdks() {}

    /** Returns the homes of the JDKs that have at least a version, the oldest first. */
    public static List<Path> atLeast(int version) throws IOException {
        List<Path> homes = new ArrayList<>();
        System.getenv().forEach((name, value) -> {
            if (name.startsWith("JAVA_HOME")) { // build servers name each of theirs, such as JAVA_HOME_21_X64
                homes.add(Path.of(value));
            }
        });
        Path user = Path.of(System.getProperty("user.home"));
        Path current = Path.of(System.getProperty("java.home")).toAbsolutePath();
        List<Path> places = new ArrayList<>(List.of(
                Path.of("/usr/lib/jvm"),
                Path.of("/usr/java"),
                Path.of("/opt"),
                Path.of("/Library/Java/JavaVirtualMachines"),
                user.resolve(".sdkman/candidates/java"),
                user.resolve(".jdks"),
                user.resolve(".asdf/installs/java"),
                user.resolve(".local/share/mise/installs/java")));
        if (current.getParent() != null) {
            places.add(current.getParent());
        }
        for (Path place : places) {
            if (Files.isDirectory(place)) {
                try (Stream<Path> below = Files.list(place)) {
                    below.flatMap(folder -> Stream.of(folder, folder.resolve("Contents/Home")))
                            .forEach(homes::add);
                }
            }
        }
        return homes.stream()
                .filter(home -> Files.isExecutable(home.resolve("bin/java")) && versionOf(home) >= version)
                .sorted(Comparator.comparingInt(Jdks::versionOf).thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    /** Returns the major version of a JDK, or 0 if it does not say. */
    public static int versionOf(Path home) {
        try {
            Matcher version = VERSION.matcher(Files.readString(home.resolve("release")));
            return version.find() ? Integer.parseInt(version.group(1)) : 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
