package io.gatehouse.versions;

import io.gatehouse.servers.Node;
import io.gatehouse.servers.SessionContract;
import io.gatehouse.servers.Wars;
import io.gatehouse.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jboss.shrinkwrap.api.exporter.ExplodedExporter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;

/** Sessions on Jetty 12.1 with EE 10, as on the application servers: the same application, with the libraries of the WAR. */
abstract class JettyContract extends SessionContract {
    private static final String PORT = Node.ONE + ".http";

    private static @Nullable TestRedis redis;
    private static @Nullable ServerProcess server;

    /** Starts the server; {@link #stop} stops it after all tests. */
    static void start(Path folder, String integration) throws IOException {
        Path war = Wars.shop()
                .as(ExplodedExporter.class)
                .exportExploded(folder.toFile(), "shop")
                .toPath();
        List<String> arguments = new ArrayList<>(List.of(
                "-Xmx192m",
                "-Dgatehouse.node=" + Node.ONE,
                "-DGATEHOUSE_SESSION_CLEANUP_INTERVAL=1s",
                "-DGATEHOUSE_SESSION_INTEGRATION=" + integration));
        arguments.addAll(ServerFiles.jetty("ee10", war, folder.resolve("launcher")));
        TestRedis own = TestRedis.start();
        redis = own;
        ServerProcess started = new ServerProcess(Path.of(System.getProperty("java.home")), arguments, own, folder);
        server = started;
        System.setProperty(PORT, Integer.toString(started.port()));
        started.awaitStart("/session/node");
    }

    @AfterAll
    static void stop() {
        System.clearProperty(PORT);
        Objects.requireNonNull(server).close();
        Objects.requireNonNull(redis).close();
    }

    @Override
    protected TestRedis redis() {
        return Objects.requireNonNull(redis);
    }
}
