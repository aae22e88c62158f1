package io.gatehouse.tomcat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.run.Jdks;
import io.gatehouse.servers.plain.CountServlet;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.annotation.Resource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A WAR with {@code gatehouse-all.jar} on Tomcat 10.1, which is Servlet 6.0, and on Tomcat 11, with this JDK and with the newest on this
 * machine: two nodes share a session, and one goes on when the other is killed.
 */
@RedisTest
class TomcatVersionsIT {
    private static final Path TOMCAT_10 = Path.of("target", "servers", "tomcat-10.1");
    private static final int NEWER = Runtime.version().feature() + 1;

    @TempDir
    Path folder;

    @BeforeEach
    void makeTheWarAndTheLauncher() throws IOException {
        Files.copy(
                Path.of("target", "gatehouse-all.jar"),
                Files.createDirectories(folder.resolve("shop/WEB-INF/lib")).resolve("gatehouse-all.jar"));
        copy(CountServlet.class, folder.resolve("shop/WEB-INF/classes"));
        copy(TomcatLauncher.class, folder.resolve("launcher"));
    }

    private static void copy(Class<?> type, Path to) throws IOException {
        String file = type.getName().replace('.', '/') + ".class";
        Path target = to.resolve(file);
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        try (InputStream bytes = Objects.requireNonNull(type.getClassLoader().getResourceAsStream(file))) {
            Files.copy(bytes, target);
        }
    }

    @ParameterizedTest(name = "Tomcat {0}, newest JDK: {1}")
    @CsvSource({"10, false", "10, true", "11, true"})
    void twoNodesShareASession(int version, boolean newest, TestRedis redis)
            throws IOException, URISyntaxException, InterruptedException {
        Optional<Path> jdk = newest ? newestJdk() : Optional.of(Path.of(System.getProperty("java.home")));
        assumeTrue(jdk.isPresent(), "no JDK " + NEWER + " or newer was found on this machine");
        String server = version == 10 ? jarsOf10() : jarsOf11();
        Browser browser = new Browser();
        try (Node one = new Node(jdk.orElseThrow(), server, redis);
                Node two = new Node(jdk.orElseThrow(), server, redis)) {
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

    private static Optional<Path> newestJdk() throws IOException {
        List<Path> newer = Jdks.atLeast(NEWER);
        return newer.isEmpty() ? Optional.empty() : Optional.of(newer.get(newer.size() - 1));
    }

    private static String jarsOf10() throws IOException {
        try (Stream<Path> jars = Files.list(TOMCAT_10)) {
            return jars.map(Path::toString).collect(Collectors.joining(System.getProperty("path.separator")));
        }
    }

    private static String jarsOf11() throws URISyntaxException {
        return jarOf(Tomcat.class) + System.getProperty("path.separator") + jarOf(Resource.class);
    }

    private static Path jarOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** A Tomcat in a process of its own. */
    private final class Node implements AutoCloseable {
        private final Process process;
        private final String port;

        Node(Path jdk, String server, TestRedis redis) throws IOException {
            ProcessBuilder builder = new ProcessBuilder(
                            jdk.resolve("bin").resolve("java").toString(),
                            "-Xmx128m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            folder.resolve("launcher") + System.getProperty("path.separator") + server,
                            TomcatLauncher.class.getName(),
                            Files.createTempDirectory(folder, "tomcat").toString(),
                            folder.resolve("shop").toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().putAll(redis.settings());
            builder.environment().put("GATEHOUSE_KEYS", App.KEYS);
            process = builder.start();
            BufferedReader output = process.inputReader();
            String line = output.readLine();
            while (line != null && !line.startsWith(TomcatLauncher.PORT)) {
                line = output.readLine();
            }
            assertThat(line)
                    .as("the port; the process has printed why it ended")
                    .isNotNull();
            port = line.substring(TomcatLauncher.PORT.length());
        }

        String url(String path) {
            return "http://127.0.0.1:" + port + "/shop" + path;
        }

        void kill() throws InterruptedException {
            int unused = process.destroyForcibly().waitFor();
        }

        @Override
        public void close() throws InterruptedException {
            kill();
        }
    }
}
