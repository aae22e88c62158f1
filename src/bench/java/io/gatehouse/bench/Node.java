package io.gatehouse.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A handle of an application's process. Each row has its own JVM with the same settings. Only Spring Session runs with the Jedis version
 * that Spring needs. Not thread-safe.
 */
final class Node implements AutoCloseable {
    /** The path of Gatehouse's probes in a row that names it. */
    static final String PROBES = "/health";

    private static final int READY_SECONDS = 60;
    private static final List<String> JVM = List.of("-Xmx512m", "-XX:+UseG1GC");

    private final Process process;
    private final BufferedReader out;
    private final Writer in;
    private final int port;

    private Node(Process process, BufferedReader out, int port) {
        this.process = process;
        this.out = out;
        this.in = process.outputWriter(StandardCharsets.US_ASCII);
        this.port = port;
    }

    static String jvm() {
        return String.join(" ", JVM);
    }

    /** Starts the process of a row on this Java, and waits until it accepts requests. */
    static Node start(Row row, int redisPort, Path folder) throws IOException {
        return start(row, redisPort, folder, Path.of(System.getProperty("java.home")), Map.of());
    }

    /** Starts the process of a row with more settings than its own. */
    static Node start(Row row, int redisPort, Path folder, Path javaHome, Map<String, String> more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(row.kind().name(), "" + redisPort));
        Map<String, String> settings = new TreeMap<>(row.settings());
        settings.putAll(more);
        if (row.isGatehouse()) {
            settings.put("GATEHOUSE_KEY_PREFIX", row.id()); // nothing is shared with another row
        }
        settings.forEach((name, value) -> arguments.add(name + "=" + value));
        return start(row.id(), javaHome, classpath(row, folder), Application.class, arguments, folder);
    }

    /** Starts a server with an unpacked WAR, whose class path has only Tomcat and this benchmark. */
    static Node startWar(String name, Path war, Path folder) throws IOException {
        String classpath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.contains("tomcat-embed-core")
                        || entry.contains("tomcat-annotations-api")
                        || entry.contains("-classes"))
                .collect(Collectors.joining(File.pathSeparator));
        return start(
                name,
                Path.of(System.getProperty("java.home")),
                classpath,
                WarServer.class,
                List.of(war.toString()),
                folder);
    }

    private static Node start(
            String name, Path javaHome, String classpath, Class<?> main, List<String> arguments, Path folder)
            throws IOException {
        Path log = folder.resolve(name + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(javaHome.resolve("bin").resolve("java").toString()).redirectError(log.toFile());
        builder.command().addAll(JVM);
        builder.command().addAll(List.of("-classpath", classpath, main.getName()));
        builder.command().addAll(arguments);
        Process process = builder.start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        if (line == null) {
            process.destroyForcibly();
            throw new IOException(name + " did not start:\n" + Files.readString(log));
        }
        return new Node(process, out, Integer.parseInt(line));
    }

    private static String classpath(Row row, Path folder) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                // a dependency of the servers under test that would replace the logging
                .filter(entry -> !entry.contains("jboss-modules"))
                .map(entry -> row.kind().isSpring() && isJedis(entry)
                        ? folder.resolve("jedis-of-spring.jar").toString()
                        : entry)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static boolean isJedis(String entry) {
        Path name = Path.of(entry).getFileName();
        return name != null && name.toString().matches("jedis-[0-9.]+\\.jar");
    }

    int port() {
        return port;
    }

    /** Waits until the readiness probe of Gatehouse says yes. */
    void awaitReady() throws IOException, InterruptedException {
        URI probe = URI.create("http://127.0.0.1:" + port + PROBES + "/ready");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        while (true) {
            HttpURLConnection connection = (HttpURLConnection) probe.toURL().openConnection();
            int status = connection.getResponseCode();
            connection.disconnect();
            if (status == HttpURLConnection.HTTP_OK) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("the readiness probe " + probe + " still answers " + status);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** Returns what the process has used since its start. */
    Usage usage() throws IOException {
        in.write("usage\n");
        in.flush();
        String line = out.readLine();
        if (line == null) {
            throw new IOException("the process " + process.pid() + " has ended");
        }
        return Usage.parse(line);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
