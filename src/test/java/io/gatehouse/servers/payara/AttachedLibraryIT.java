package io.gatehouse.servers.payara;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.servers.ServerTestEnvironment;
import io.gatehouse.servers.plain.CountServlet;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that Payara Micro adds Gatehouse to a WAR by the command in {@code payara/attach-micro.txt}, in container mode too. */
class AttachedLibraryIT {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void guardsAWarThatStaysAsItIs() throws IOException {
        Path war = folder.resolve("shop.war");
        ShrinkWrap.create(WebArchive.class, "shop.war")
                .addClass(CountServlet.class)
                .as(ZipExporter.class)
                .exportTo(war.toFile());
        String commands = Files.readString(Path.of("server-config", "payara", "attach-micro.txt"))
                .replace(
                        "=/opt/gatehouse/gatehouse-all.jar",
                        "=" + Path.of("target/gatehouse-all.jar").toAbsolutePath())
                .replace(" /opt/shop/shop.war", " " + war);
        Path log = folder.resolve("log");
        int port = freePort();
        Process server = start(Files.writeString(folder.resolve("attach-micro.txt"), commands), port, log);
        try {
            Browser browser = new Browser();
            Eventually.within(Duration.ofMinutes(2), () -> {
                assertThat(server.isAlive()).as(Files.readString(log)).isTrue();
                assertThat(browser.get("http://127.0.0.1:" + port + "/shop/count")
                                .body())
                        .isEqualTo("1");
            });
            assertThat(browser.get("http://127.0.0.1:" + port + "/shop/count").body())
                    .isEqualTo("2");
            assertThat(browser.token()).as("the cookie of Gatehouse").isNotEmpty();
            assertThat(Files.readAllLines(log))
                    .anyMatch(line -> line.contains("Gatehouse guards /shop:"))
                    .anyMatch(line -> line.contains("the container uses the sessions of Gatehouse"))
                    .noneMatch(line -> line.contains("io.gatehouse") && line.matches(".*(WARNING|SEVERE|WELD-).*"));
        } finally {
            Process unused = server.destroyForcibly().onExit().join();
        }
    }

    private static Process start(Path commands, int port, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx320m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        System.getenv("MICRO_JAR"),
                        "--nohazelcast",
                        "--port",
                        Integer.toString(port),
                        "--postbootcommandfile",
                        commands.toString()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("GATEHOUSE_")); // of the build itself
        builder.environment().putAll(ServerTestEnvironment.redis().settings());
        builder.environment().put("GATEHOUSE_KEYS", App.KEYS);
        builder.environment().put("GATEHOUSE_SESSION_INTEGRATION", "container");
        return builder.start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
