package io.gatehouse.servers.liberty;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.servers.Node;
import io.gatehouse.servers.OnServer;
import io.gatehouse.servers.plain.CountServlet;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Tests that {@code liberty/attach.sh} adds Gatehouse to a WAR of a running server, and removes it. */
@OnServer
class AttachLooseIT {
    private static final Path SERVER = Path.of("target", "servers", "liberty", Node.ONE, "servers", "gatehouse");
    private static final Path WAR = SERVER.resolve("dropins").resolve("overlaid.war");

    @Deployment(testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive plain() {
        return ShrinkWrap.create(WebArchive.class, "overlaid.war").addClass(CountServlet.class);
    }

    @Test
    void attachesAndDetachesAnyNumberOfTimes() throws IOException, InterruptedException {
        awaitCookie("JSESSIONID");
        byte[] before = Files.readAllBytes(WAR);
        long since = Files.size(SERVER.resolve("logs/server.log"));
        for (int i = 0; i < 2; i++) {
            run("--gatehouse", "target/gatehouse-all.jar");
            awaitCookie("sid");
        }
        assertThat(warnings(since)).isEmpty();
        for (int i = 0; i < 2; i++) {
            run("--detach");
            awaitCookie("JSESSIONID");
        }
        assertThat(Files.readAllBytes(WAR)).isEqualTo(before);
    }

    /** Waits until the server has restarted the application. */
    private static void awaitCookie(String expected) {
        Eventually.within(Duration.ofSeconds(60), () -> {
            Browser.Answer answer = new Browser().get(Node.url(Node.ONE, "/overlaid/count"));
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.setCookies()).hasSize(1);
            assertThat(answer.setCookies().get(0)).startsWith(expected + "=");
        });
    }

    /** Returns what CDI has warned of, or anything with regard to classes of Gatehouse. */
    private static List<String> warnings(long since) throws IOException {
        byte[] log = Files.readAllBytes(SERVER.resolve("logs/server.log"));
        return new String(log, (int) since, log.length - (int) since, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.matches("\\[.*?] \\S+ \\S+ +[WE] .*"))
                .filter(line -> line.matches(".*(WELD-|CWOWB|io\\.gatehouse\\.internal).*"))
                .filter(line -> !line.contains("is not a setting of Gatehouse")) // variables of the build itself
                .toList();
    }

    private static void run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "server-config/liberty/attach.sh", WAR.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
