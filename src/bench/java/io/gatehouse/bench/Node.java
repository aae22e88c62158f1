package io.gatehouse.bench;

import io.gatehouse.bench.Application.Keeping;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A handle of a contender's process. Each contender has its own JVM with the same settings. Only Spring Session runs with the Jedis version
 * that Spring needs.
 */
final class Node implements AutoCloseable {
    private static final List<String> JVM = List.of("-Xmx256m", "-XX:+UseSerialGC");

    private final Process process;
    private final int port;

    private Node(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static String jvm() {
        return String.join(" ", JVM);
    }

    /** Starts a process, and waits until it accepts requests. */
    static Node start(String name, Keeping keeping, int redisPort, Path folder) throws IOException {
        Path log = folder.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString())
                .redirectError(log.toFile());
        builder.command().addAll(JVM);
        builder.command()
                .addAll(List.of(
                        "-classpath",
                        classpath(keeping, folder),
                        Application.class.getName(),
                        keeping.name(),
                        "" + redisPort));
        Process process = builder.start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        if (line == null) {
            throw new IOException(name + " did not start:\n" + Files.readString(log));
        }
        return new Node(process, Integer.parseInt(line));
    }

    private static String classpath(Keeping keeping, Path folder) {
        boolean spring = keeping == Keeping.SPRING || keeping == Keeping.SPRING_INDEXED;
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                // a dependency of the servers under test that would replace the logging
                .filter(entry -> !entry.contains("jboss-modules"))
                .map(entry -> spring && Path.of(entry).getFileName().toString().startsWith("jedis-")
                        ? folder.resolve("jedis-of-spring.jar").toString()
                        : entry)
                .collect(Collectors.joining(File.pathSeparator));
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
