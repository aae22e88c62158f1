package io.gatehouse.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.run.RedisProcess;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.TestRedis;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A server with one application at {@code /shop}, in a process of its own. */
final class ServerProcess implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(2);

    private final Process process;
    private final Path log;
    private final int port;

    /**
     * Starts a server; {@link #awaitStart} waits for it.
     *
     * @param arguments those of the JVM and of the server, with {@code PORT} in place of the port
     */
    ServerProcess(Path jdk, List<String> arguments, TestRedis redis, Path folder) throws IOException {
        port = RedisProcess.freePort();
        log = Files.createTempFile(folder, "server", ".log");
        List<String> command = new ArrayList<>(
                List.of(jdk.resolve("bin").resolve("java").toString(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        arguments.forEach(argument -> command.add(argument.replace("PORT", Integer.toString(port))));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(redis.settings());
        builder.environment().put("GATEHOUSE_KEYS", App.KEYS);
        process = builder.start();
    }

    /**
     * Waits until the application answers.
     *
     * @param path a path that needs no session
     * @throws AssertionError with the log of the server if it has ended or does not answer in time
     */
    void awaitStart(String path) throws IOException {
        Eventually.within(START, () -> {
            if (process.isAlive()) {
                assertThat(new Browser().get(url(path)).status())
                        .as(Files.readString(log))
                        .isEqualTo(200);
            }
        });
        assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
    }

    /** Writes a line to the standard input of the server, and waits until its output has the line {@code done: } with it. */
    void order(String line) throws IOException {
        Writer input = process.outputWriter();
        input.write(line + "\n");
        input.flush();
        Eventually.within(
                START, () -> assertThat(Files.readString(log)).as("the output").contains("done: " + line + "\n"));
    }

    int port() {
        return port;
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + "/shop" + path;
    }

    void kill() {
        Process unused = process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
