package io.gatehouse.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.servers.JvmOfNode;
import io.gatehouse.servers.LoginClient;
import io.gatehouse.servers.Node;
import io.gatehouse.servers.Wars;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests an application that is deployed again and again on one Payara Micro, which uses the sessions of Gatehouse. Takes most of a minute,
 * and so runs with {@code -Dservers=all} only.
 */
@RedisTest
class PayaraReloadIT {
    private static final String PORT = Node.ONE + ".http";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    void leavesNoClassLoaderThreadOrConnectionAfterTwentyDeployments(TestRedis redis) throws IOException {
        MatrixRow.assumeChosen("all");
        Path war = folder.resolve("guarded.war");
        Wars.inContainerMode(Wars.guarded()).as(ZipExporter.class).exportTo(war.toFile());
        ServerFiles.copy(PayaraLauncher.class, folder.resolve("launcher"));
        int connections = redis.connections();
        try (ServerProcess payara =
                new ServerProcess(Path.of(System.getProperty("java.home")), arguments(war), redis, folder)) {
            System.setProperty(PORT, Integer.toString(payara.port()));
            payara.order("deploy 0");
            visitOnce();
            int threads = JvmOfNode.threads(Node.ONE).size();
            for (int i = 1; i <= 20; i++) {
                payara.order("undeploy " + i);
                payara.order("deploy " + i);
                visitOnce();
            }
            assertThat(JvmOfNode.threads(Node.ONE)).hasSizeLessThan(threads + 20);
            payara.order("undeploy");
            JvmOfNode.assertFewAreLeft(Node.ONE, "io.gatehouse.internal.web.RequestGuard");
            Eventually.within(
                    PATIENCE,
                    () -> assertThat(redis.connections())
                            .as("connections to Redis")
                            .isEqualTo(connections));
            assertThat(JvmOfNode.threads(Node.ONE)).noneMatch(thread -> thread.contains("gatehouse"));
        } finally {
            System.clearProperty(PORT);
        }
    }

    /** Returns arguments that open to Payara what {@code -jar} would, and run {@link PayaraLauncher}. */
    private List<String> arguments(Path war) throws IOException {
        Path payara = Path.of(System.getProperty("gatehouse.payara"));
        List<String> arguments = new ArrayList<>(List.of("-Xmx320m", "-Dgatehouse.node=" + Node.ONE));
        try (JarFile jar = new JarFile(payara.toFile())) {
            String opened = jar.getManifest().getMainAttributes().getValue("Add-Opens");
            for (String name : opened.split(" ", -1)) {
                arguments.add("--add-opens=" + name + "=ALL-UNNAMED");
            }
        }
        arguments.addAll(List.of(
                "-cp",
                folder.resolve("launcher") + File.pathSeparator + payara,
                PayaraLauncher.class.getName(),
                war.toString(),
                "--port",
                "PORT"));
        arguments.addAll(ServerFiles.payaraOptions());
        return arguments;
    }

    private static void visitOnce() {
        assertThat(new LoginClient("/guarded").logIn(Node.ONE, "/members/visit"))
                .isEqualTo("alice 1");
    }
}
