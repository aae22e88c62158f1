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
 * What must be there before the first server starts: its files, free ports, keys and a Redis. What {@code arquillian.xml} must
 * know of it is left in system properties. Does nothing in test runs without a server.
 */
public final class ServerTestEnvironment implements LauncherSessionListener {
    /** Everything is below, so that nothing outlives {@code mvn clean}. */
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
            Files.deleteIfExists(folder.resolve("server.log.0")); // Payara would go on writing to it
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
            case PAYARA -> // which is one JAR
                Files.writeString(
                        FOLDER.resolve(server).resolve("post-boot.txt"),
                        Files.readString(Path.of("server-config", "payara", "post-boot.txt"))
                                + Files.readString(Path.of("src", "test", "resources", "servers", "payara-users.txt")));
        }
        TestRedis started = TestRedis.start();
        Runtime.getRuntime().addShutdownHook(new Thread(started::close, "redis-stops"));
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

    /** The Redis of all servers. */
    static TestRedis redis() {
        if (redis == null) {
            throw new IllegalStateException("started without -Dgatehouse.server");
        }
        return redis;
    }

    /** Below the ports that systems give to outgoing connections, so that nobody takes it until the server starts. */
    private static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // taken, so another one
            }
        }
    }
}
