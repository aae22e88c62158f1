package io.gatehouse.servers.wildfly;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.servers.Node;
import io.gatehouse.servers.OnServer;
import io.gatehouse.servers.plain.CountServlet;
import io.gatehouse.testing.Browser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Tests that {@code attach.cli} adds Gatehouse to a deployed WAR, and that {@code detach.cli} removes it. */
@OnServer
class AttachOverlayIT {
    private static final String WAR = "overlaid.war";
    private static final Path JAR = Path.of("target", "gatehouse-all.jar");

    @Deployment(testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive plain() {
        return ShrinkWrap.create(WebArchive.class, WAR).addClass(CountServlet.class);
    }

    @Test
    void attachesAndDetachesAnyNumberOfTimes() throws IOException, InterruptedException {
        assertThat(cookieOfANewSession()).isEqualTo("JSESSIONID");
        for (int i = 0; i < 2; i++) {
            assertThat(run("attach.cli", JAR)).isZero();
            assertThat(cookieOfANewSession()).isEqualTo("sid");
        }
        assertThat(run("attach.cli", Path.of("target", "missing.jar"))).isNotZero();
        assertThat(run("attach.cli", JAR)).as("after a mistake").isZero();
        assertThat(cookieOfANewSession()).isEqualTo("sid");
        for (int i = 0; i < 2; i++) {
            assertThat(run("detach.cli", JAR)).isZero();
            assertThat(cookieOfANewSession()).isEqualTo("JSESSIONID");
        }
    }

    private static String cookieOfANewSession() {
        Browser.Answer answer = new Browser().get(Node.url(Node.ONE, "/overlaid/count"));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.setCookies()).hasSize(1);
        return answer.setCookies().get(0).split("=", 2)[0];
    }

    /** Runs a file of commands; returns the exit code. */
    private static int run(String file, Path jar) throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("gatehouse.wildfly", ""));
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        "sh", // because the unpacked script may not be executable
                        home.resolve("bin/jboss-cli.sh").toString(),
                        "--connect",
                        "--controller=127.0.0.1:" + Node.managementPort(Node.ONE),
                        "--file=" + Path.of("server-config", "wildfly", file),
                        "-Dgatehouse.war=" + WAR,
                        "-Dgatehouse.jar=" + jar.toAbsolutePath(),
                        "--resolve-parameter-values"))
                .redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("JAVA_OPTS", "-Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1");
        Process process = builder.start();
        process.getOutputStream().close();
        System.out.println(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        return process.waitFor();
    }
}
