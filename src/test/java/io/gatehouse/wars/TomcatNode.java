package io.gatehouse.wars;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.run.RedisProcess;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.TestRedis;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A Tomcat as it is distributed, with one WAR, in a process of its own. */
final class TomcatNode implements AutoCloseable {
    private static final Path HOME = Path.of("target", "wars", "tomcat").toAbsolutePath();
    private static final Duration START = Duration.ofMinutes(2);

    private final Process process;
    private final Path log;
    private final int port;

    /**
     * Starts a server; {@link #awaitStart} waits for it.
     *
     * @param base the folder of its own files, which is created
     * @param settings those of Gatehouse, besides the Redis and the keys
     */
    TomcatNode(Path base, Path war, TestRedis redis, Map<String, String> settings) throws IOException {
        port = RedisProcess.freePort();
        Path conf = Files.createDirectories(base.resolve("conf"));
        for (String file : List.of("web.xml", "catalina.properties", "context.xml", "logging.properties")) {
            Files.copy(HOME.resolve("conf").resolve(file), conf.resolve(file));
        }
        String server = Files.readString(HOME.resolve("conf/server.xml"));
        Files.writeString(
                conf.resolve("server.xml"),
                server.replace("port=\"8005\"", "port=\"-1\"")
                        .replace("port=\"8080\"", "address=\"127.0.0.1\" port=\"" + port + "\""));
        Files.writeString(
                conf.resolve("tomcat-users.xml"),
                "<tomcat-users><user username=\"ada\" password=\"" + AttachedWars.PASSWORD
                        + "\" roles=\"manager-gui,role1,admin\"/></tomcat-users>");
        Path jaas = Files.writeString(
                conf.resolve("jaas.conf"),
                "hawtio { " + OneUserLoginModule.class.getName() + " required password=\"" + AttachedWars.PASSWORD
                        + "\"; };");
        copyClass(OneUserLoginModule.class, base.resolve("lib"));
        copyClass(OneUserLoginModule.Known.class, base.resolve("lib"));
        Files.copy(war, Files.createDirectories(base.resolve("webapps")).resolve(war.getFileName()));
        Files.createDirectories(base.resolve("temp"));
        log = base.resolve("console.log");
        Path bin = HOME.resolve("bin");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dcatalina.home=" + HOME,
                        "-Dcatalina.base=" + base,
                        "-Djava.security.auth.login.config=" + jaas,
                        "-Djava.io.tmpdir=" + base.resolve("temp"),
                        "-cp",
                        bin.resolve("bootstrap.jar") + File.pathSeparator + bin.resolve("tomcat-juli.jar"),
                        "org.apache.catalina.startup.Bootstrap",
                        "start")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(redis.settings());
        builder.environment().put("GATEHOUSE_KEYS", App.KEYS);
        builder.environment().putAll(settings);
        process = builder.start();
    }

    private static void copyClass(Class<?> type, Path to) throws IOException {
        String file = type.getName().replace('.', '/') + ".class";
        Path target = to.resolve(file);
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        try (InputStream bytes = Objects.requireNonNull(type.getClassLoader().getResourceAsStream(file))) {
            Files.copy(bytes, target);
        }
    }

    /** Waits until a page of the application answers. */
    void awaitStart(String page) {
        Eventually.within(START, () -> {
            assertThat(process.isAlive()).as(log()).isTrue();
            assertThat(new Browser().get(url(page)).status()).as(log()).isIn(200, 302, 401, 403);
        });
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    void kill() {
        Process unused = process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
