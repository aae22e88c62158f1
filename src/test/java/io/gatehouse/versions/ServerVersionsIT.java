package io.gatehouse.versions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.run.Jdks;
import io.gatehouse.servers.plain.CountServlet;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.annotation.Resource;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A WAR with {@code gatehouse-all.jar} on servers that the other tests do not run on, also with the newest JDK on this machine: two nodes share
 * a session, and one goes on when the other is killed.
 */
@RedisTest
class ServerVersionsIT {
    private static final int NEWER = Runtime.version().feature() + 1;

    @TempDir
    Path folder;

    @BeforeEach
    void makeTheWar() throws IOException {
        Files.copy(
                Path.of("target", "gatehouse-all.jar"),
                Files.createDirectories(folder.resolve("shop/WEB-INF/lib")).resolve("gatehouse-all.jar"));
        copy(CountServlet.class, folder.resolve("shop/WEB-INF/classes"));
    }

    private static void copy(Class<?> type, Path to) throws IOException {
        String file = type.getName().replace('.', '/') + ".class";
        Path target = to.resolve(file);
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        try (InputStream bytes = Objects.requireNonNull(type.getClassLoader().getResourceAsStream(file))) {
            Files.copy(bytes, target);
        }
    }

    /** Tomcat 10.1 is Servlet 6.0, Tomcat 11 is Servlet 6.1. */
    @ParameterizedTest(name = "Tomcat {0}, newest JDK: {1}")
    @CsvSource({"10, false", "10, true", "11, true"})
    void tomcat(int version, boolean newest, TestRedis redis) throws IOException, URISyntaxException {
        copy(TomcatLauncher.class, folder.resolve("launcher"));
        String jars =
                version == 10 ? jarsOfTomcat10() : jarOf(Tomcat.class) + File.pathSeparator + jarOf(Resource.class);
        twoNodesShareASession(
                newest ? newestJdk() : Path.of(System.getProperty("java.home")),
                List.of(
                        "-Xmx128m",
                        "-cp",
                        folder.resolve("launcher") + File.pathSeparator + jars,
                        TomcatLauncher.class.getName(),
                        "PORT",
                        folder.resolve("tomcat").toString(),
                        folder.resolve("shop").toString()),
                redis);
    }

    /** Payara 7 is Jakarta EE 11, and needs a newer Java than 17. */
    @Test
    void payara7(TestRedis redis) throws IOException {
        Path jdk = newestJdk();
        Path war = folder.resolve("shop.war");
        ToolProvider jar = ToolProvider.findFirst("jar").orElseThrow();
        assertThat(jar.run(System.out, System.err, "cf", war.toString(), "-C", folder.resolve("shop") + "", "."))
                .isZero();
        twoNodesShareASession(
                jdk,
                List.of(
                        "-Xmx320m",
                        "-jar",
                        System.getProperty("gatehouse.payara7"),
                        "--nohazelcast",
                        "--port",
                        "PORT",
                        "--deploy",
                        war.toString()),
                redis);
    }

    private void twoNodesShareASession(Path jdk, List<String> arguments, TestRedis redis) throws IOException {
        Browser browser = new Browser();
        try (ServerProcess one = new ServerProcess(jdk, arguments, redis, folder);
                ServerProcess two = new ServerProcess(jdk, arguments, redis, folder)) {
            one.awaitStart();
            two.awaitStart();
            assertThat(browser.get(one.url("/count")).body()).isEqualTo("1");
            assertThat(browser.cookie("sid")).isNotNull();
            assertThat(browser.get(two.url("/count")).body()).isEqualTo("2");
            assertThat(browser.get(one.url("/count")).body()).isEqualTo("3");
            one.kill();
            Browser.Answer answer = browser.get(two.url("/count"));
            assertThat(answer.body()).isEqualTo("4");
            assertThat(answer.header("RateLimit-Policy")).contains("everything");
        }
    }

    private static Path newestJdk() throws IOException {
        List<Path> newer = Jdks.atLeast(NEWER);
        Optional<Path> newest = newer.isEmpty() ? Optional.empty() : Optional.of(newer.get(newer.size() - 1));
        assumeTrue(newest.isPresent(), "no JDK " + NEWER + " or newer was found on this machine");
        return newest.orElseThrow();
    }

    private static String jarsOfTomcat10() throws IOException {
        try (Stream<Path> jars = Files.list(Path.of("target", "servers", "tomcat-10.1"))) {
            return jars.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        }
    }

    private static Path jarOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
