package io.gatehouse.internal.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.internal.jobs.RedisJobs;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.signing.SigningSettings;
import io.gatehouse.run.RedisProcess;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.GatehouseUser;
import io.gatehouse.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.params.SetParams;

/** Tests the findings about badly configured Redis servers. */
@Timeout(120)
class ServerFindingsTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    static Stream<Path> servers() {
        return Stream.concat(Stream.of(TestRedis.executable()), TestRedis.installed().stream());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "GH-E003; --requirepass secret",
                "GH-E006; --min-replicas-to-write 1",
                "GH-E014; --maxmemory 100mb --maxmemory-policy allkeys-lru",
                "GH-W010; --maxmemory 100mb --maxmemory-policy volatile-ttl",
                "GH-W001; --appendonly no",
                "GH-W002; --appendonly no",
                "GH-W004; --appendonly no",
                "GH-W007; --appendonly no",
                "GH-W008; --appendonly no",
                "GH-W013; --appendonly no",
                "GH-W015; --appendonly no",
                "GH-I007; --appendonly no"
            })
    void reportsAConfigurationOfRedis(String id, String arguments) {
        try (TestRedis redis = TestRedis.start(arguments.split(" ", -1))) {
            assertThat(VerificationRunner.ids(VerificationRunner.report(VerificationRunner.at(redis))))
                    .contains(id);
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void reportsNothingAboutTheDocumentedRightsAndLeavesNothingBehind(Path executable) {
        try (TestRedis redis = TestRedis.start(executable, "--appendonly", "yes", "--maxmemory", "100mb");
                Jedis client = new Jedis("127.0.0.1", redis.port())) {
            VerifyReport report = VerificationRunner.report(VerificationRunner.at(GatehouseUser.at(redis)));
            assertThat(VerificationRunner.ids(report))
                    .noneMatch(id -> id.startsWith("GH-E"))
                    .doesNotContain("GH-W002", "GH-W003", "GH-W004", "GH-W008", "GH-W013", "GH-I001");
            assertThat(report.measurements())
                    .extracting(Measurement::name)
                    .containsExactly(
                            "ping", "script", "session save", "session read", "rate limit decision", "cache get");
            assertThat(client.info("keyspace")).doesNotContain("db");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "-zadd; GH-E012; +zadd",
                "-zadd; GH-E030; cannot",
                "-set; GH-E031; counter",
                "-publish; GH-E032; cannot",
                "-subscribe; GH-E012; +subscribe",
                "-unlink; GH-E012; +unlink",
                "resetkeys ~other:*; GH-E012; ~gatehouse:*",
                "resetchannels; GH-E012; &gatehouse:*",
                "-info; GH-W003; +info",
                "-role; GH-W003; +role",
                "+config; GH-W002; +config",
                "allkeys; GH-W002; ~*",
            })
    void namesMissingAndExcessiveRights(String change, String id, String found) {
        try (TestRedis redis = TestRedis.start();
                Jedis client = new Jedis("127.0.0.1", redis.port())) {
            Map<String, String> settings = VerificationRunner.at(GatehouseUser.at(redis));
            client.aclSetUser("gatehouse", change.split(" ", -1));
            VerifyReport report = VerificationRunner.report(settings);
            assertThat(VerificationRunner.found(report, id)).contains(found);
            Eventually.within(SOON, () -> assertThat(client.info("keyspace")).doesNotContain("expires=0"));
        }
    }

    @Test
    void reportsTheKindsOfKeysThatNeverExpireAndNoNames() {
        try (TestRedis redis = TestRedis.start();
                Jedis client = new Jedis("127.0.0.1", redis.port())) {
            client.set("gatehouse:{shop.c1}:e:user:alice", "x");
            client.set("gatehouse:{shop.c1}:t:team", "x");
            client.set("gatehouse:{rabc}:x y", "x");
            client.set("other:{shop}:s:1", "x");
            client.set("gatehouse:{shop.c1}:q", "x", SetParams.setParams().ex(100));
            VerifyReport report = VerificationRunner.report(VerificationRunner.at(redis));
            assertThat(VerificationRunner.found(report, "GH-W032"))
                    .isEqualTo("sessions, rate_limit, cache, cache_warming: 3 of 4 sampled keys have no time to live;"
                            + " kinds: :e, :t, other");
            client.del("gatehouse:{shop.c1}:e:user:alice", "gatehouse:{shop.c1}:t:team", "gatehouse:{rabc}:x y");
            assertThat(VerificationRunner.ids(VerificationRunner.report(VerificationRunner.at(redis))))
                    .doesNotContain("GH-W032");
        }
    }

    @Test
    void samplesABoundedNumberOfKeys() {
        try (TestRedis redis = TestRedis.start();
                Jedis client = new Jedis("127.0.0.1", redis.port())) {
            redis.clients.jedis.Pipeline pipeline = client.pipelined();
            for (int i = 0; i < 5000; i++) {
                pipeline.set("gatehouse:{shop.1}:s:" + i, "x");
            }
            pipeline.sync();
            VerifyReport report = VerificationRunner.report(VerificationRunner.at(redis));
            assertThat(VerificationRunner.found(report, "GH-W032"))
                    .contains(ExpirySample.MAX_KEYS + " of " + ExpirySample.MAX_KEYS + " sampled keys");
        }
    }

    @Test
    void reportsACacheThatDoesNotEvict() {
        try (TestRedis sessions = TestRedis.start();
                TestRedis cache = TestRedis.start("--maxmemory", "100mb");
                Jedis client = new Jedis("127.0.0.1", cache.port())) {
            Map<String, String> settings = VerificationRunner.at(sessions);
            settings.put("REDIS_URL", cache.url());
            assertThat(VerificationRunner.ids(VerificationRunner.report(settings)))
                    .contains("GH-W011")
                    .doesNotContain("GH-W007");
            client.configSet("maxmemory-policy", "allkeys-lfu");
            assertThat(VerificationRunner.ids(VerificationRunner.report(settings)))
                    .doesNotContain("GH-W011", "GH-E014");
        }
    }

    @Test
    void reportsMemoryThatIsNearlyOrFullyUsed() {
        try (TestRedis redis = TestRedis.start("--maxmemory", "6mb");
                Jedis client = new Jedis("127.0.0.1", redis.port())) {
            fill(client, 45);
            assertThat(VerificationRunner.ids(VerificationRunner.report(VerificationRunner.at(redis))))
                    .contains("GH-W009");
            client.configSet("maxmemory", "1mb");
            assertThat(VerificationRunner.ids(VerificationRunner.report(VerificationRunner.at(redis))))
                    .contains("GH-E009");
        }
    }

    @Test
    void reportsEvictedKeys() {
        try (TestRedis redis = TestRedis.start("--maxmemory", "3mb", "--maxmemory-policy", "allkeys-lru");
                Jedis client = new Jedis("127.0.0.1", redis.port())) {
            fill(client, 50);
            assertThat(VerificationRunner.ids(VerificationRunner.report(VerificationRunner.at(redis))))
                    .contains("GH-W012");
        }
    }

    private static void fill(Jedis client, int times100Kilobytes) {
        for (int i = 0; i < times100Kilobytes; i++) {
            client.set("key" + i, "x".repeat(100_000));
        }
    }

    @Test
    void reportsFailedWritesToDisk() throws IOException {
        try (TestRedis redis = TestRedis.start();
                Jedis client = new Jedis("127.0.0.1", redis.port())) {
            client.configSet("dbfilename", "no.rdb");
            Files.createDirectories(Path.of(client.configGet("dir").get("dir"), "no.rdb", "full"));
            client.configSet("stop-writes-on-bgsave-error", "yes");
            client.configSet("save", "3600 1000000");
            client.bgsave();
            Eventually.holds(
                    "the snapshot has failed",
                    SOON,
                    () -> client.info("persistence").contains("rdb_last_bgsave_status:err"));
            assertThat(VerificationRunner.ids(VerificationRunner.report(VerificationRunner.at(redis))))
                    .contains("GH-W014", "GH-E006")
                    .doesNotContain("GH-W013");
        }
    }

    @Test
    void reportsMissingReplicas() {
        try (TestRedis master = TestRedis.start();
                TestRedis replica = TestRedis.start("--replicaof", "127.0.0.1", "" + master.port());
                Jedis client = new Jedis("127.0.0.1", replica.port())) {
            Eventually.holds(
                    "the replica is connected",
                    SOON,
                    () -> client.info("replication").contains("master_link_status:up"));
            Map<String, String> settings = VerificationRunner.at(master);
            settings.put("GATEHOUSE_SESSION_REPLICAS", "2");
            assertThat(VerificationRunner.ids(VerificationRunner.report(settings)))
                    .contains("GH-W016", "GH-E015")
                    .doesNotContain("GH-W015");
            assertThat(VerificationRunner.ids(VerificationRunner.report(VerificationRunner.at(replica))))
                    .contains("GH-E005", "GH-I001");
        }
    }

    @Test
    void reportsClockOffsetsAndStuckJobs() {
        try (TestRedis redis = TestRedis.start()) {
            Map<String, String> settings = VerificationRunner.at(redis);
            Config config = new Config(List.of(ConfigSource.of("test", settings)));
            try (RedisConnections connections = Connections.with(settings, EnumSet.of(RedisPurpose.CACHE_WARMING))) {
                new RedisJobs(connections, SigningSettings.from(config).orElseThrow(), "gatehouse", "shop/eu", "node")
                        .submit("warm-users", Map.of());
            }
            assertThat(VerificationRunner.ids(VerificationRunner.report(settings)))
                    .doesNotContain("GH-W006", "GH-E013", "GH-W030");
            assertThat(VerificationRunner.ids(VerificationRunner.report(settings, 10)))
                    .contains("GH-W006")
                    .doesNotContain("GH-E013");
            assertThat(VerificationRunner.ids(VerificationRunner.report(settings, 120)))
                    .contains("GH-E013", "GH-W030");
            assertThat(VerificationRunner.found(VerificationRunner.report(settings, 120), "GH-E013"))
                    .contains("s behind");
        }
    }

    @Test
    void reportsAMissingDatabaseAndMissingTls() {
        try (TestRedis redis = TestRedis.start("--databases", "2")) {
            Map<String, String> settings = VerificationRunner.at(redis);
            settings.put("REDIS_RATE_LIMIT_URL", redis.url(5));
            assertThat(VerificationRunner.ids(VerificationRunner.report(settings)))
                    .contains("GH-E010");
            settings.put("REDIS_RATE_LIMIT_URL", redis.url().replace("redis:", "rediss:"));
            assertThat(VerificationRunner.found(VerificationRunner.report(settings), "GH-E004"))
                    .contains("rate_limit");
        }
    }

    @Test
    void reportsUnreachableAndSilentServersQuickly() throws IOException {
        try (TestRedis redis = TestRedis.start()) {
            redis.freeze(true);
            long start = System.nanoTime();
            Map<String, String> settings = VerificationRunner.at(redis);
            settings.put("REDIS_RATE_LIMIT_URL", "redis://127.0.0.1:" + RedisProcess.freePort() + "/0");
            VerifyReport report = VerificationRunner.report(settings);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
            assertThat(VerificationRunner.found(report, "GH-E001"))
                    .isEqualTo("rate_limit: the server of REDIS_RATE_LIMIT_URL");
            assertThat(VerificationRunner.found(report, "GH-E002")).contains("sessions", "cache", "cache_warming");
            assertThat(VerificationRunner.ids(report)).contains("GH-I001");
        }
    }

    @Test
    void reportsAServerThatLoadsItsData() throws IOException {
        try (TestRedis redis = TestRedis.start("--appendonly", "yes", "--key-load-delay", "200")) {
            try (Jedis client = new Jedis("127.0.0.1", redis.port())) {
                Pipeline pipeline = client.pipelined();
                for (int i = 0; i < 20_000; i++) {
                    pipeline.set("key" + i, "x");
                }
                pipeline.sync();
            }
            redis.process().restart();
            assertThat(VerificationRunner.ids(VerificationRunner.report(VerificationRunner.at(redis))))
                    .contains("GH-E007");
        }
    }
}
