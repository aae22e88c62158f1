package io.gatehouse.serverconfig;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.run.RedisProcess;
import io.gatehouse.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;

/** A Redis started with a file of {@code server-config/redis} as the head of that file says, in a copy of the folder. */
final class ShippedRedis implements AutoCloseable {
    static final Path FILES = Path.of("server-config", "redis");

    private static final Script COUNT = Script.load(ShippedRedis.class, "count.lua", false);

    private final RedisProcess process;

    private ShippedRedis(RedisProcess process) {
        this.process = process;
    }

    static ShippedRedis start(String file, String... arguments) throws IOException {
        return start(copy(), file, "port", arguments);
    }

    /** @param portSetting the setting for the free port */
    static ShippedRedis start(Path folder, String file, String portSetting, String... arguments) throws IOException {
        return new ShippedRedis(
                RedisProcess.startConfigured(TestRedis.executable(), folder, file, portSetting, List.of(arguments)));
    }

    /**
     * Starts a sentinel on a copy of its file, because a sentinel writes to it. Only the master's address differs from the
     * shipped file.
     */
    static RedisProcess startSentinel(int masterPort) throws IOException {
        List<String> lines = Files.readAllLines(FILES.resolve("sentinel.conf")).stream()
                .map(line -> line.replace(" mymaster 127.0.0.1 6379 ", " mymaster 127.0.0.1 " + masterPort + " "))
                .toList();
        return RedisProcess.startSentinel(TestRedis.executable(), TestRedis.folder(), lines);
    }

    /** Copies the folder to a place where Redis may write. */
    static Path copy() throws IOException {
        Path folder = Files.createDirectories(TestRedis.folder());
        try (Stream<Path> files = Files.list(FILES)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        return folder;
    }

    int port() {
        return process.port();
    }

    RedisProcess process() {
        return process;
    }

    Jedis admin() {
        return admin(port());
    }

    static Jedis admin(int port) {
        return client(port, "admin", "change-me-admin");
    }

    static Jedis client(int port, String user, String password) {
        Jedis client = new Jedis("127.0.0.1", port);
        client.auth(user, password);
        return client;
    }

    /** Returns a call that writes, as all calls of Gatehouse run: as a script. */
    static RedisCall<Long> count(RedisPurpose redisPurpose) {
        return COUNT.on(redisPurpose).keys("gatehouse:count").reply(ReplyReader::number);
    }

    @Override
    public void close() {
        process.close();
    }
}
