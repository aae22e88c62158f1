package io.gatehouse.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.gatehouse.RedisPurpose;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.RedisUnavailableException.Reason;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.CountingProxy.Fault;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;

/**
 * Tests faults of Redis: stopped, frozen, slow, full, read-only, or with another password. Every call ends, and calls succeed
 * again after the fault.
 */
@Timeout(60)
class FaultTest {
    /** Far above the deadline of 600 ms and far below what a hanging call would take. */
    private static final Duration SOON = Duration.ofSeconds(3);

    @TempDir
    Path folder;

    @Test
    void connectsWhenRedisStartsLater() throws IOException {
        TestRedis redis = TestRedis.start();
        redis.process().stop();
        try (redis;
                RedisConnections connections = Connections.to(redis.url())) {
            assertThat(reason(connections)).isIn(Reason.UNREACHABLE, Reason.SUSPENDED);
            assertThat(connections.health(RedisPurpose.SESSIONS).up()).isFalse();
            redis.process().restart();
            Eventually.holds("Redis is used again", SOON, () -> works(connections));
            assertThat(connections.health(RedisPurpose.SESSIONS).role()).isEqualTo("master");
        }
    }

    @Test
    void connectionsRecoverAfterACrashOfRedis() throws IOException {
        try (TestRedis redis = TestRedis.start();
                RedisConnections connections = Connections.to(redis.url())) {
            assertThat(works(connections)).isTrue();
            redis.process().kill();
            Eventually.holds("the crash is noticed", SOON, () -> !works(connections));
            redis.process().restart();
            Eventually.holds("Redis is used again", SOON, () -> works(connections));
        }
    }

    @Test
    void aConnectionThatBrokeWhileIdleFailsNoRequest() throws IOException {
        try (TestRedis redis = TestRedis.start();
                CountingProxy proxy = new CountingProxy(redis.port());
                RedisConnections connections = Connections.to(proxy.url())) {
            inParallel(8, () -> connections.send(Calls.get("k")));
            proxy.cut();
            for (int i = 0; i < 8; i++) {
                assertThat(connections.send(Calls.get("k"))).isNull();
            }
        }
    }

    @Test
    void aNonRepeatableCallDoesNotStopRetriesOfOthersInItsPipeline() throws IOException {
        try (TestRedis redis = TestRedis.start();
                CountingProxy proxy = new CountingProxy(redis.port());
                RedisConnections connections = Connections.to(proxy.url())) {
            connections.send(Calls.count("k"));
            proxy.cut();
            Pipeline pipeline = new Pipeline();
            Response<@Nullable String> read = pipeline.add(Calls.get("k"));
            Response<Long> counted = pipeline.add(Calls.count("k"));
            Response<@Nullable String> readAgain = pipeline.add(Calls.get("k"));
            connections.send(pipeline);
            assertThat(read.get()).isEqualTo("1");
            assertThat(readAgain.get())
                    .as("the counter was incremented exactly once")
                    .isEqualTo("1");
            assertThatThrownBy(counted::get).isInstanceOf(RedisUnavailableException.class);
        }
    }

    @Test
    void failsWithinTheDeadlineWhileRedisIsFrozenAndNeverMixesUpReplies() {
        try (TestRedis redis = TestRedis.start();
                RedisConnections connections = Connections.to(redis.url());
                RedisClient client = redis.client()) {
            IntStream.range(0, 32).forEach(i -> client.set("key" + i, "value" + i));
            redis.freeze(true);
            long start = System.nanoTime();
            inParallel(32, () -> catchThrowable(() -> connections.send(Calls.get("key0"))));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
            assertThat(reason(connections)).isEqualTo(Reason.SUSPENDED);
            redis.freeze(false);
            Eventually.holds("Redis is used again", SOON, () -> works(connections));
            for (int round = 0; round < 20; round++) {
                for (int i = 0; i < 32; i++) {
                    assertThat(connections.send(Calls.get("key" + i))).isEqualTo("value" + i);
                }
            }
        }
    }

    @Test
    void failsWithinTheDeadlineWhileRepliesDrip() {
        try (TestRedis redis = TestRedis.start();
                CountingProxy proxy = new CountingProxy(redis.port());
                RedisConnections connections = Connections.to(proxy.url());
                RedisClient client = redis.client()) {
            client.set("k", "x".repeat(1000));
            assertThat(connections.send(Calls.get("k"))).hasSize(1000);
            proxy.fault(Fault.DRIPPING);
            long start = System.nanoTime();
            assertThat(reason(connections)).isEqualTo(Reason.TIMEOUT);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
        }
    }

    @Test
    void failsWithinTheDeadlineWhileNoReplyArrives() {
        try (TestRedis redis = TestRedis.start();
                CountingProxy proxy = new CountingProxy(redis.port());
                RedisConnections connections = Connections.to(proxy.url())) {
            assertThat(works(connections)).isTrue();
            proxy.fault(Fault.SILENT);
            long start = System.nanoTime();
            assertThat(reason(connections)).isEqualTo(Reason.TIMEOUT);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
        }
    }

    @Test
    void neverRepeatsACallThatIsNotRepeatable() {
        try (TestRedis redis = TestRedis.start();
                CountingProxy proxy = new CountingProxy(redis.port());
                RedisConnections connections = Connections.to(proxy.url());
                RedisClient client = redis.client()) {
            connections.send(Calls.count("k"));
            proxy.fault(Fault.CUTTING);
            assertThatThrownBy(() -> connections.send(Calls.count("k"))).isInstanceOf(RedisUnavailableException.class);
            assertThat(client.get("k")).isEqualTo("2");
        }
    }

    @Test
    void failsFastWhileAllConnectionsAreInUse() {
        try (TestRedis redis = TestRedis.start();
                CountingProxy proxy = new CountingProxy(redis.port());
                RedisConnections connections =
                        Connections.with(Map.of("REDIS_SESSION_URL", proxy.url(), "REDIS_CONNECTION_POOL_SIZE", "2"))) {
            assertThat(works(connections)).isTrue();
            proxy.fault(Fault.SILENT);
            List<Throwable> faults = inParallel(20, () -> catchThrowable(() -> connections.send(Calls.get("k"))));
            assertThat(faults).allMatch(RedisUnavailableException.class::isInstance);
            assertThat(faults).anyMatch(fault -> ((RedisUnavailableException) fault).reason() == Reason.EXHAUSTED);
        }
    }

    @Test
    void reportsAReadOnlyReplicaAndRecoversWhenItIsPromoted() {
        try (TestRedis master = TestRedis.start();
                TestRedis replica = TestRedis.start("--replicaof", "127.0.0.1", "" + master.port());
                RedisConnections connections = Connections.to(replica.url());
                Jedis client = new Jedis("127.0.0.1", replica.port())) {
            assertThat(connections.health(RedisPurpose.SESSIONS).role()).isEqualTo("replica");
            assertThat(reason(connections)).isIn(Reason.READ_ONLY, Reason.SUSPENDED);
            client.replicaofNoOne();
            Eventually.holds("the new master is used", SOON, () -> works(connections));
        }
    }

    @Test
    void reportsThatRedisIsFullAndStillReads() {
        try (TestRedis redis = TestRedis.start("--maxmemory-policy", "noeviction");
                RedisConnections connections = Connections.to(redis.url());
                RedisClient client = redis.client()) {
            client.set("k", "v");
            client.configSet("maxmemory", "1");
            assertThatThrownBy(() -> connections.send(Calls.count("n")))
                    .isInstanceOfSatisfying(
                            RedisUnavailableException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.FULL));
            assertThat(connections.send(Calls.get("k"))).isEqualTo("v");
            client.configSet("maxmemory", "0");
            assertThat(connections.send(Calls.count("n"))).isEqualTo(1);
        }
    }

    @Test
    void usesTheNewPasswordOnceItsFileContainsIt() throws IOException {
        Path file = Files.writeString(folder.resolve("password"), "one");
        try (TestRedis redis = TestRedis.start("--requirepass", "two");
                RedisConnections connections = Connections.with(
                        Map.of("REDIS_SESSION_URL", redis.url(), "GATEHOUSE_REDIS_PASSWORD_FILE", file.toString()))) {
            assertThat(reason(connections)).isIn(Reason.DENIED, Reason.SUSPENDED);
            assertThat(connections.health(RedisPurpose.SESSIONS).fault()).isEqualTo(Reason.DENIED);
            Files.writeString(file, "two");
            Eventually.holds("the new password is used", SOON, () -> works(connections));
        }
    }

    @Test
    void worksAsAnAclUserWithMinimalRights() {
        try (TestRedis redis = TestRedis.start();
                Jedis client = new Jedis("127.0.0.1", redis.port())) {
            String commands = "+evalsha +eval +get +incr +select +ping +hello +role +client";
            client.aclSetUser("gate", ("on >pass:wd ~gatehouse:* " + commands).split(" ", -1));
            try (RedisConnections connections =
                    Connections.to("redis://gate:pass%3Awd@127.0.0.1:" + redis.port() + "/0")) {
                assertThat(connections.send(Calls.count("gatehouse:k"))).isEqualTo(1);
                assertThatThrownBy(() -> connections.send(Calls.count("other")))
                        .isInstanceOfSatisfying(
                                RedisUnavailableException.class,
                                e -> assertThat(e.reason()).isEqualTo(Reason.DENIED));
            }
        }
    }

    private static boolean works(RedisConnections connections) {
        try {
            connections.send(Calls.count("works"));
            return true;
        } catch (RedisUnavailableException e) {
            return false;
        }
    }

    private static Reason reason(RedisConnections connections) {
        Throwable thrown = catchThrowable(() -> connections.send(Calls.count("k")));
        assertThat(thrown).isInstanceOf(RedisUnavailableException.class);
        return ((RedisUnavailableException) thrown).reason();
    }

    private static <T> List<T> inParallel(int threads, java.util.function.Supplier<T> work) {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<CompletableFuture<T>> all = IntStream.range(0, threads)
                    .mapToObj(i -> CompletableFuture.supplyAsync(work, executor))
                    .toList();
            return all.stream().map(CompletableFuture::join).toList();
        } finally {
            executor.shutdownNow();
        }
    }
}
