package io.gatehouse.bench;

import io.gatehouse.run.RedisProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Starts the Redis server of the benchmark: the configured one, or the one that the tests use. */
final class RedisServer {
    private RedisServer() {}

    static RedisProcess start(Path folder) throws IOException {
        String configured = System.getProperty("bench.redis", "");
        Path executable =
                configured.isEmpty() ? RedisProcess.embeddedExecutable(folder.resolve("bin")) : Path.of(configured);
        return RedisProcess.start(executable, folder.resolve("redis"), List.of());
    }
}
