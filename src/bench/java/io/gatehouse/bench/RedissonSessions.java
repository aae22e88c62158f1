package io.gatehouse.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Manager;
import org.redisson.tomcat.RedissonSessionManager;

/** Creates Redisson's session manager for Tomcat with its defaults: attributes are read from Redis, and written when they are set. */
final class RedissonSessions {
    private RedissonSessions() {}

    static Manager manager(int redisPort) throws IOException {
        Path file = Files.createTempFile("gatehouse-bench", ".yaml");
        file.toFile().deleteOnExit();
        Files.writeString(file, """
                singleServerConfig:
                  address: "redis://127.0.0.1:%d"
                  connectionPoolSize: %d
                """.formatted(redisPort, Application.THREADS));
        RedissonSessionManager manager = new RedissonSessionManager();
        manager.setConfigPath(file.toString());
        return manager;
    }
}
