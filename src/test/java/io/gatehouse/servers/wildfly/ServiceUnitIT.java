package io.gatehouse.servers.wildfly;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.run.RedisProcess;
import io.gatehouse.serverconfig.EnvironmentFile;
import io.gatehouse.serverconfig.ServiceUnit;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.GatehouseUser;
import io.gatehouse.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests the command of {@code gatehouse-wildfly.service} with the environment of the unit, but without systemd: it starts WildFly, which
 * authenticates to Redis with the secrets in the files, and stops on SIGTERM.
 */
class ServiceUnitIT {
    private static final Path HOME =
            Path.of(System.getProperty("gatehouse.wildfly", "")).toAbsolutePath();
    private static final Duration START = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    @Test
    void startsWithTheEnvironmentOfTheUnitAndStopsOnSigterm() throws IOException, InterruptedException {
        ServiceUnit unit = ServiceUnit.read();
        Path state = prepareState();
        Path credentials = Files.createDirectory(folder.resolve("credentials"));
        Files.writeString(credentials.resolve("gatehouse-keys"), "t1:" + App.randomKey() + "\n");
        Files.writeString(credentials.resolve("redis-password"), "change-me\n");
        int port = RedisProcess.freePort();
        try (TestRedis redis = TestRedis.start()) {
            GatehouseUser.at(redis);
            // through sh, because the unpacked standalone.sh may not be executable
            List<String> command = Stream.concat(
                            Stream.of("sh"),
                            Stream.of(unit.only("Service.ExecStart").split(" "))
                                    .map(word -> word.replace("/opt/wildfly", HOME.toString())
                                            .replace("/var/lib/wildfly", state.toString())))
                    .toList();
            Path log = folder.resolve("console.log");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            Map<String, String> environment = builder.environment();
            EnvironmentFile.read().forEach((name, value) -> environment.put(name, at(redis, value)));
            environment.putAll(unit.environment(credentials.toString()));
            environment.put("JAVA_HOME", System.getProperty("java.home"));
            environment.put("JAVA_OPTS", ports(port) + " -Xmx320m -XX:+UseSerialGC -XX:TieredStopAtLevel=1");
            Process process = builder.start();
            try {
                Browser browser = new Browser();
                Eventually.within(START, () -> {
                    assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
                    Browser.Answer answer = browser.get("http://127.0.0.1:" + port + "/api/v1/core/health/redis/");
                    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
                });
                process.destroy();
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat("" + process.exitValue()).isIn("0", unit.only("Service.SuccessExitStatus"));
                assertThat(Files.readString(log)).as("an orderly shutdown").contains("WFLYSRV0050");
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
    }

    /** Points a setting to the Redis of the test, which has no certificate, so that the TLS files are not read. */
    private static String at(TestRedis redis, String value) {
        return value.replaceFirst("rediss://redis\\.example\\.com:\\d+/", "redis://127.0.0.1:" + redis.port() + "/");
    }

    private static String ports(int http) throws IOException {
        return "-Djboss.http.port=" + http + " -Djboss.https.port=" + RedisProcess.freePort()
                + " -Djboss.management.http.port=" + RedisProcess.freePort();
    }

    /** Prepares the state folder as the comment of the unit describes. */
    private Path prepareState() throws IOException {
        Path state = Files.createDirectory(folder.resolve("state"));
        Path original = HOME.resolve("standalone");
        Path configuration = Files.createDirectories(state.resolve("configuration"));
        try (Stream<Path> files = Files.list(original.resolve("configuration"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, configuration.resolve(file.getFileName()));
            }
        }
        Path deployments = Files.createDirectories(state.resolve("deployments"));
        Files.copy(Path.of(System.getProperty("gatehouse.war")), deployments.resolve("ROOT.war"));
        return state;
    }
}
