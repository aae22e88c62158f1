package io.gatehouse.servers;

import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.ContainerController;

/**
 * One of the two servers that {@code arquillian.xml} describes. The first one is there for the whole run; the second one is
 * started by the tests that need it, each in its own way.
 */
public final class Node {
    public static final String ONE = "node1";
    public static final String TWO = "node2";
    static final List<String> NAMES = List.of(ONE, TWO);

    /** Small and quick to start; what it does is not much. */
    private static final String JVM = "-Xmx320m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.io.tmpdir="
            + ServerTestEnvironment.FOLDER.resolve("tmp");

    private static final Duration UNTIL_GONE = Duration.ofSeconds(30);

    private Node() {}

    /** Everything that the JVM of a server is told; what it is told about Gatehouse is told as system properties. */
    static String arguments(String node, String redisUrl, String keys) {
        String arguments = JVM + " -Dgatehouse.node=" + node + " -DREDIS_SESSION_URL=" + redisUrl
                + " -DREDIS_RATE_LIMIT_URL=" + redisUrl
                + " -DREDIS_URL=" + redisUrl
                + " -DREDIS_CACHE_WARMING_URL=" + redisUrl
                + " -DREDIS_HEALTH_CHECK_INTERVAL=1 -DGATEHOUSE_SESSION_CLEANUP_INTERVAL=1s -DGATEHOUSE_KEYS=" + keys;
        return Server.WILDFLY.isUnderTest()
                ? arguments + " -Djboss.node.name=" + node + " -Djboss.http.port=" + port(node, "http")
                        + " -Djboss.https.port=" + port(node, "https") + " -Djboss.management.http.port="
                        + port(node, "management")
                : arguments;
    }

    public static String arguments(String node) {
        return System.getProperty(node + ".arguments");
    }

    private static int port(String node, String which) {
        return Integer.getInteger(node + "." + which, 0);
    }

    public static String url(String node, String path) {
        return "http://127.0.0.1:" + port(node, "http") + path;
    }

    /** Where MicroProfile Health answers. */
    public static String healthUrl(String node, String which) {
        int port = port(node, Server.WILDFLY.isUnderTest() ? "management" : "http");
        return "http://127.0.0.1:" + port + "/health/" + which;
    }

    /** Starts the second server with its WARs, as {@code arquillian.xml} says. */
    static void start(ContainerController controller) {
        start(controller, arguments(TWO), "standalone-gatehouse.xml");
    }

    /**
     * The same with a proxy before the Redis of its sessions, and without timers that would ask that anything: what is counted are
     * requests. Limits, cache and jobs have their own way to Redis, on which nodes note themselves and listen to each other.
     */
    static void startQuietly(ContainerController controller, CountingProxy proxy) {
        String arguments = arguments(TWO)
                .replace("SESSION_URL=" + ServerTestEnvironment.redis().url(), "SESSION_URL=" + proxy.url())
                .replace("CHECK_INTERVAL=1 ", "CHECK_INTERVAL=3600 ")
                .replace("CLEANUP_INTERVAL=1s ", "CLEANUP_INTERVAL=1h ");
        start(controller, arguments, "standalone-gatehouse.xml");
    }

    /** Starts the second server with its WARs, after ending one that a test before started in another way. */
    public static void start(ContainerController controller, String arguments, String wildFlyConfiguration) {
        if (controller.isStarted(TWO)) {
            stop(controller);
        }
        controller.start(
                TWO,
                switch (Server.underTest()) {
                    case WILDFLY -> Map.of("javaVmArguments", arguments, "serverConfig", wildFlyConfiguration);
                    case PAYARA -> Map.of("cmdOptions", arguments);
                    case LIBERTY -> Map.of("arguments", arguments);
                });
    }

    /** Ends the second server. */
    static void stop(ContainerController controller) {
        controller.stop(TWO);
        awaitEnd(TWO);
    }

    /** Waits until nobody listens any more; Arquillian does not wait for Payara. */
    static void awaitEnd(String node) {
        Eventually.within(UNTIL_GONE, () -> {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(node, "http"))) {
                throw new AssertionError(node + " still listens on " + socket.getPort());
            } catch (IOException e) {
                // nobody there
            }
        });
    }

    /** What a server has written to its log in this run, at least since it started last. */
    static String log(String node) throws IOException {
        Path folder = ServerTestEnvironment.FOLDER
                .resolve(System.getProperty("gatehouse.server"))
                .resolve(node);
        try (Stream<Path> files = Files.walk(folder)) {
            Path log = files.filter(file -> file.getFileName().toString().startsWith("server.log"))
                    .max(Comparator.comparingLong(file -> file.toFile().lastModified()))
                    .orElseThrow(() -> new AssertionError("no log in " + folder));
            return Files.readString(log);
        }
    }
}
