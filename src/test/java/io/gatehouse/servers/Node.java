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
 * One of the two servers that {@code arquillian.xml} describes. The first one runs during all tests; the second one is
 * started by the tests that need it, with their own settings.
 */
public final class Node {
    public static final String ONE = "node1";
    public static final String TWO = "node2";
    static final List<String> NAMES = List.of(ONE, TWO);

    /** JVM options for a small server that starts quickly. */
    private static final String JVM = "-Xmx320m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.io.tmpdir="
            + ServerTestEnvironment.FOLDER.resolve("tmp");

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    private Node() {}

    /** Returns the JVM arguments of a server, which include the settings of Gatehouse as system properties. */
    static String arguments(String node, String redisUrl, String keys) {
        String arguments = JVM + " -Dgatehouse.node=" + node + " -DREDIS_SESSION_URL=" + redisUrl
                + " -DREDIS_RATE_LIMIT_URL=" + redisUrl
                + " -DREDIS_URL=" + redisUrl
                + " -DREDIS_CACHE_WARMING_URL=" + redisUrl
                + " -DREDIS_HEALTH_CHECK_INTERVAL=1 -DGATEHOUSE_SESSION_CLEANUP_INTERVAL=1s -DGATEHOUSE_KEYS=" + keys
                + integration();
        return Server.WILDFLY.isUnderTest()
                ? arguments + " -Djboss.node.name=" + node + " -Djboss.http.port=" + port(node, "http")
                        + " -Djboss.https.port=" + port(node, "https") + " -Djboss.management.http.port="
                        + port(node, "management")
                : arguments;
    }

    /** Returns the session integration for all tests, if {@code -Dgatehouse.integration=container} asks for it. */
    private static String integration() {
        String wanted = System.getProperty("gatehouse.integration");
        return wanted == null ? "" : " -DGATEHOUSE_SESSION_INTEGRATION=" + wanted;
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

    /** Returns the port of WildFly's management. */
    public static int managementPort(String node) {
        return port(node, "management");
    }

    /** Returns the URL of a MicroProfile Health check. */
    public static String healthUrl(String node, String which) {
        int port = Server.WILDFLY.isUnderTest() ? managementPort(node) : port(node, "http");
        return "http://127.0.0.1:" + port + "/health/" + which;
    }

    /** Starts the second server with its WARs, as described in {@code arquillian.xml}. */
    static void start(ContainerController controller) {
        start(controller, arguments(TWO), "standalone-gatehouse.xml");
    }

    /**
     * Starts the second server with a proxy in front of the Redis of its sessions and without timers that use it, so that the proxy counts
     * only the round trips of requests. Limits, cache and jobs, on which nodes send heartbeats, connect to Redis directly.
     */
    static void startQuietly(ContainerController controller, CountingProxy proxy) {
        String arguments = arguments(TWO)
                .replace("SESSION_URL=" + ServerTestEnvironment.redis().url(), "SESSION_URL=" + proxy.url())
                .replace("CHECK_INTERVAL=1 ", "CHECK_INTERVAL=3600 ")
                .replace("CLEANUP_INTERVAL=1s ", "CLEANUP_INTERVAL=1h ");
        start(controller, arguments, "standalone-gatehouse.xml");
    }

    /** Starts the second server with its WARs, after stopping one that an earlier test started with other settings. */
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

    /** Stops the second server. */
    static void stop(ContainerController controller) {
        controller.stop(TWO);
        awaitEnd(TWO);
    }

    /** Waits until the server no longer listens, because Arquillian does not wait for Payara. */
    static void awaitEnd(String node) {
        Eventually.within(STOP_TIMEOUT, () -> {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(node, "http"))) {
                throw new AssertionError(node + " still listens on " + socket.getPort());
            } catch (IOException e) {
                // the server has stopped
            }
        });
    }

    /** Returns the log of a server, at least since its last start. */
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
