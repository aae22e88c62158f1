package io.gatehouse.serverconfig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** A script {@code attach.sh}, with a folder for WARs, and a {@code gatehouse-all.jar} that stands for the built one. */
final class AttachScript {
    static final String LIB = "WEB-INF/lib/";
    static final String ADDED = LIB + "gatehouse-all.jar";

    private final String script;
    private final Path temporary;
    private final Path folder;
    private Path java = Path.of(System.getProperty("java.home"));
    private Path gatehouse;

    record Outcome(int status, String output) {}

    AttachScript(Path temporary) throws IOException {
        this(temporary, "server-config/attach.sh");
    }

    AttachScript(Path temporary, String script) throws IOException {
        this.script = script;
        this.temporary = temporary;
        folder = Files.createDirectory(temporary.resolve("with a blank"));
        Files.createDirectory(workFolders());
        gatehouse = archive("gatehouse-all.jar", "io/gatehouse/internal/shaded/caffeine/Caffeine.class");
    }

    /** Returns a file in the folder. */
    Path file(String name) {
        return folder.resolve(name);
    }

    /** Returns the folder in which the script creates its temporary folders. */
    Path workFolders() {
        return temporary.resolve("tmp");
    }

    Path gatehouse() {
        return gatehouse;
    }

    void useGatehouse(Path file) {
        gatehouse = file;
    }

    /** Makes {@code java} run a line of shell first. */
    void beforeJava(String line) throws IOException {
        Path bin = Files.createDirectories(temporary.resolve("jdk/bin"));
        Path wrapped = Files.writeString(
                bin.resolve("java"), "#!/bin/sh\n" + line + "\nexec '" + java.resolve("bin/java") + "' \"$@\"\n");
        Files.setPosixFilePermissions(wrapped, PosixFilePermissions.fromString("rwx------"));
        java = temporary.resolve("jdk");
    }

    /** Creates an archive in which every file names its archive. */
    Path archive(String name, String... files) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file(name)))) {
            for (String file : files) {
                zip.putNextEntry(new ZipEntry(file));
                zip.write(("of " + name).getBytes(StandardCharsets.UTF_8));
            }
        }
        return file(name);
    }

    void onlyInputsAreThere() throws IOException {
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("gatehouse-all.jar", "shop.war");
        }
    }

    static String content(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    static Map<String, String> entries(Path war) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (ZipFile zip = new ZipFile(war.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                byte[] bytes = zip.getInputStream(entry).readAllBytes();
                found.put(entry.getName(), new String(bytes, StandardCharsets.ISO_8859_1));
            }
        }
        return found;
    }

    Outcome attach(Path war, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(war.toString(), "--gatehouse", gatehouse.toString()));
        arguments.addAll(List.of(more));
        return run(arguments);
    }

    Outcome run(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", script));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", java.toString());
        builder.environment().put("TMPDIR", workFolders().toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return new Outcome(process.waitFor(), output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
