package io.gatehouse.wars;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;

/** Adds Gatehouse to applications by {@code server-config/attach.sh}. */
final class AttachedWars {
    static final Path FOLDER = Path.of("target", "wars");

    /** The password of {@code ada} in every application. */
    static final String PASSWORD = "a-password-of-tests";

    private AttachedWars() {}

    /** Returns an application of Tomcat's distribution with Gatehouse. */
    static Path ofTomcat(String name, Path into) throws IOException, InterruptedException {
        Path war = into.resolve("plain-" + name + ".war");
        Path content = FOLDER.resolve("tomcat/webapps").resolve(name);
        ToolProvider jar = ToolProvider.findFirst("jar").orElseThrow();
        assertThat(jar.run(System.out, System.err, "cMf", war.toString(), "-C", content.toString(), "."))
                .isZero();
        return attach(war, into.resolve(name + ".war"));
    }

    /** Returns a copy of a WAR with Gatehouse. */
    static Path attach(Path war, Path result) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        "sh",
                        "server-config/attach.sh",
                        war.toString(),
                        "-o",
                        result.toString(),
                        "--gatehouse",
                        "target/gatehouse-all.jar"))
                .redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(Files.exists(result)).as(output).isTrue();
        return result;
    }
}
