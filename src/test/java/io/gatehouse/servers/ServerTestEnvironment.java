package io.gatehouse.servers;

import io.gatehouse.run.LibertyHome;
import io.gatehouse.run.WildFlyHome;
import io.gatehouse.testing.App;
import io.gatehouse.testing.TestRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Prepares what must exist before the first server starts: its files, free ports, keys and a Redis. Passes values to
 * {@code arquillian.xml} in system properties. Does nothing in test runs without a server.
 */
public final class ServerTestEnvironment implements LauncherSessionListener {
    /** The folder of all files of the servers, so that {@code mvn clean} removes them. */
    static final Path FOLDER = Path.of("target", "servers");

    private static @Nullable TestRedis redis;

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        String server = System.getProperty("gatehouse.server");
        if (server != null && redis == null) {
            try {
                prepare(server);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void prepare(String server) throws IOException {
        Files.createDirectories(FOLDER.resolve("tmp"));
        for (String node : Node.NAMES) {
            Path folder = Files.createDirectories(FOLDER.resolve(server).resolve(node));
            Files.deleteIfExists(folder.resolve("server.log.0")); // otherwise Payara would append to it
        }
        switch (Server.underTest()) {
            case WILDFLY -> {
                WildFlyHome home = WildFlyHome.provision(
                        distribution(), FOLDER, Path.of("server-config", "wildfly", "health.cli"));
                WildFlyUsers.addTo(home.folder().resolve("standalone/configuration"));
                System.setProperty("gatehouse.wildfly", home.folder().toString());
            }
            case LIBERTY -> {
                LibertyHome home = LibertyHome.provision(distribution(), FOLDER);
                System.setProperty("gatehouse.liberty", home.folder().toString());
            }
            case PAYARA -> // needs no installation
                Files.writeString(
                        FOLDER.resolve(server).resolve("post-boot.txt"),
                        Files.readString(Path.of("server-config", "payara", "post-boot.txt"))
                                + Files.readString(Path.of("src", "test", "resources", "servers", "payara-users.txt")));
        }
        TestRedis started = TestRedis.start();
        Runtime.getRuntime().addShutdownHook(new Thread(started::close, "stop-redis"));
        redis = started;
        String keys = "t1:" + App.randomKey();
        for (String node : Node.NAMES) {
            for (String port : new String[] {"http", "https", "management"}) {
                System.setProperty(node + "." + port, "" + freePort());
            }
            System.setProperty(node + ".arguments", Node.arguments(node, started.url(), keys));
        }
    }

    private static Path distribution() {
        return Path.of(System.getProperty("gatehouse.distribution"));
    }

    /** Returns the Redis of all servers. */
    public static TestRedis redis() {
        if (redis == null) {
            throw new IllegalStateException("there is no Redis for servers; expected -Dgatehouse.server");
        }
        return redis;
    }

    /** Returns a free port below the range of outgoing connections, so that none of those takes it before the server starts. */
    private static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // in use: try another one
            }
        }
    }
}
