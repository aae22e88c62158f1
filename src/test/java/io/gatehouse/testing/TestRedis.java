package io.gatehouse.testing;

import io.gatehouse.run.RedisProcess;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/** A Redis server for tests, with a client that inspects it. */
public final class TestRedis implements RedisDeployment {
    private static final Path FOLDER = Path.of("target", "test-redis").toAbsolutePath();
    private static int number;
    private static @Nullable Path executable;

    private final RedisProcess process;

    private TestRedis(RedisProcess process) {
        this.process = process;
    }

    /**
     * Returns the embedded server that all tests of this JVM share; see {@link RedisTest}. For static initializers;
     * elsewhere, a parameter is simpler.
     */
    public static TestRedis shared() {
        return (TestRedis) Topology.STANDALONE.shared();
    }

    /** Starts an embedded server that belongs to the caller, who may stop, pause or reconfigure it and must close it. */
    public static TestRedis start(String... arguments) {
        return start(executable(), arguments);
    }

    public static TestRedis start(Path executable, String... arguments) {
        try {
            return new TestRedis(RedisProcess.start(executable, folder(), List.of(arguments)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a new folder for one server. */
    public static synchronized Path folder() {
        return FOLDER.resolve("server-" + ProcessHandle.current().pid() + "-" + number++);
    }

    /**
     * Returns the executable of the servers under test: the one that {@code -Dredis.server=PATH} names, otherwise the embedded
     * one, which the first call unpacks.
     */
    public static synchronized Path executable() {
        if (executable == null) {
            String given = System.getProperty("redis.server", "");
            executable = given.isBlank() ? unpack() : given(Path.of(given));
        }
        return executable;
    }

    private static Path given(Path path) {
        if (!Files.isExecutable(path)) {
            throw new IllegalArgumentException(
                    "redis.server is '" + path + "'; expected the path of a redis-server or valkey-server");
        }
        return path.toAbsolutePath();
    }

    /** Unpacks to a temporary file and moves it, because another JVM may be running the executable in place. */
    private static Path unpack() {
        Path beside = FOLDER.resolve("unpack-" + ProcessHandle.current().pid());
        try {
            Path unpacked = RedisProcess.embeddedExecutable(beside);
            Path target = Files.createDirectories(FOLDER.resolve("bin")).resolve(unpacked.getFileName());
            Files.move(unpacked, target, StandardCopyOption.ATOMIC_MOVE);
            Files.delete(beside);
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the Redis server installed on this machine, if there is one. It is newer than the embedded one. */
    public static Optional<Path> installed() {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, "redis-server"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    public int port() {
        return process.port();
    }

    public RedisProcess process() {
        return process;
    }

    public String url() {
        return url(0);
    }

    public String url(int database) {
        return "redis://127.0.0.1:" + port() + "/" + database;
    }

    /** Returns a new client, which the caller must close. */
    public RedisClient client() {
        return RedisClient.create("127.0.0.1", port());
    }

    @Override
    public Map<String, String> settings() {
        return Map.of(
                "REDIS_URL", url(),
                "REDIS_SESSION_URL", url(),
                "REDIS_RATE_LIMIT_URL", url(),
                "REDIS_CACHE_WARMING_URL", url());
    }

    @Override
    public List<TestRedis> masters() {
        return List.of(this);
    }

    @Override
    public void flush() {
        try (RedisClient client = client()) {
            client.flushAll();
        }
    }

    /** Returns the keys of database 0. */
    public Set<String> keys() {
        try (RedisClient client = client()) {
            Set<String> keys = new TreeSet<>();
            String cursor = ScanParams.SCAN_POINTER_START;
            do {
                ScanResult<String> page = client.scan(cursor);
                keys.addAll(page.getResult());
                cursor = page.getCursor();
            } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
            return keys;
        }
    }

    /** Returns the key of the only session record. */
    public String sessionKey() {
        List<String> found = keys().stream().filter(key -> key.contains(":s:")).toList();
        if (found.size() != 1) {
            throw new AssertionError("expected one session, found " + found);
        }
        return found.get(0);
    }

    public Map<byte[], byte[]> hash(String key) {
        try (RedisClient client = client()) {
            return client.hgetAll(key.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    /** Returns how many clients wait in a blocking command. */
    public int blockedClients() {
        return clients("blocked_clients");
    }

    /** Returns how many clients are connected. */
    public int connections() {
        return clients("connected_clients");
    }

    private int clients(String which) {
        try (RedisClient client = client()) {
            return client.info("clients")
                    .lines()
                    .filter(line -> line.startsWith(which + ":"))
                    .mapToInt(line -> Integer.parseInt(
                            line.substring(line.indexOf(':') + 1).strip()))
                    .sum();
        }
    }

    /** Freezes the process (SIGSTOP) or resumes it. */
    public void freeze(boolean on) {
        freeze(process, on);
    }

    static void freeze(RedisProcess process, boolean on) {
        try {
            List<String> command = new ArrayList<>(List.of(
                    "kill", on ? "-STOP" : "-CONT", "" + process.handle().pid()));
            int status = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (status != 0) {
                throw new AssertionError("kill exited with " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            freeze(false);
        }
        process.close();
    }
}
