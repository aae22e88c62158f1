package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.servers.plain.CountServlet;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Tests a WAR without Gatehouse to which {@code server-config/attach.sh} has added it. */
@OnServer
class AttachedWarIT {

    @Deployment(testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive attached() throws IOException, InterruptedException {
        File plain =
                ServerTestEnvironment.FOLDER.resolve("tmp").resolve("plain.war").toFile();
        Path guarded = ServerTestEnvironment.FOLDER.resolve("tmp").resolve("plain-guarded.war");
        Files.deleteIfExists(guarded);
        ShrinkWrap.create(WebArchive.class, "plain.war")
                .addClass(CountServlet.class)
                .as(ZipExporter.class)
                .exportTo(plain, true);
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        "sh", "server-config/attach.sh", plain.getPath(), "--gatehouse", "target/gatehouse-all.jar"))
                .redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return ShrinkWrap.create(WebArchive.class, "plain.war")
                .merge(ShrinkWrap.createFromZipFile(WebArchive.class, guarded.toFile()));
    }

    @Test
    void storesTheSessionsOfAnAttachedWarInRedis() {
        ServerTestEnvironment.redis().flush();
        SessionClient sessionClient = new SessionClient("/plain");

        assertThat(sessionClient.get(Node.ONE, "/count")).isEqualTo("1");
        assertThat(sessionClient.get(Node.ONE, "/count")).isEqualTo("2");

        assertThat(sessionClient.browser().token())
                .as("the cookie of Gatehouse")
                .isNotEmpty();
        assertThat(ServerTestEnvironment.redis().sessionKey()).startsWith("gatehouse:");
    }
}
