package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The JVM of a node, which a test inspects with {@code jcmd} or kills. */
public final class JvmOfNode {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private JvmOfNode() {}

    private static List<ProcessHandle> processes(String node) {
        List<ProcessHandle> processes = ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().commandLine().orElse("").contains("-Dgatehouse.node=" + node + " "))
                .toList();
        assertThat(processes).as("processes of " + node).isNotEmpty();
        return processes;
    }

    /** Ends the node as {@code kill -9} does. */
    public static void kill(String node) {
        List<ProcessHandle> processes = processes(node);
        processes.forEach(ProcessHandle::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
    }

    /** Returns the names of the threads, in quotation marks, each with what the JVM says of it. */
    public static List<String> threads(String node) {
        return jcmd(node, "Thread.print")
                .lines()
                .filter(line -> line.startsWith("\""))
                .toList();
    }

    /**
     * Asserts that few objects of a class are left after a full garbage collection. An idle connection keeps its last request, and so the
     * application that has served it.
     */
    public static void assertFewAreLeft(String node, String className) {
        Eventually.within(
                PATIENCE,
                () -> assertThat(count(jcmd(node, "GC.class_histogram"), className))
                        .isLessThan(5));
    }

    /** Counts the objects in all lines of a histogram: each class loader has a line of its own. */
    private static int count(String histogram, String className) {
        return histogram
                .lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(columns -> columns.length >= 4 && columns[3].equals(className))
                .mapToInt(columns -> Integer.parseInt(columns[1]))
                .sum();
    }

    private static String jcmd(String node, String command) {
        ProcessHandle jvm = processes(node).get(0);
        try {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            "" + jvm.pid(),
                            command)
                    .redirectErrorStream(true)
                    .start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
