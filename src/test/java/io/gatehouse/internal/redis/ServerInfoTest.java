package io.gatehouse.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.gatehouse.RedisPurpose;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.TestCluster;
import io.gatehouse.testing.TestRedis;
import io.gatehouse.testing.TestSentinel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;

/** Tests what the probe reads from the servers, and that it costs little. */
@Timeout(120)
class ServerInfoTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    static Stream<Path> servers() {
        return Stream.concat(Stream.of(TestRedis.executable()), TestRedis.installed().stream());
    }

    @ParameterizedTest
    @MethodSource("servers")
    void readsTheServerInfo(Path executable) throws IOException {
        try (TestRedis redis = TestRedis.start(
                        executable,
                        "--maxmemory",
                        "100mb",
                        "--maxmemory-policy",
                        "allkeys-lru",
                        "--appendonly",
                        "yes",
                        "--min-replicas-to-write",
                        "1");
                Jedis client = new Jedis("127.0.0.1", redis.port());
                RedisConnections connections = Connections.to(redis.url(3))) {
            ServerInfo info = connections.serverInfo(RedisPurpose.SESSIONS).get(0);
            assertThat(client.info("server")).contains("redis_version:" + info.version() + "\r\n");
            assertThat(info.node()).hasToString("127.0.0.1:" + redis.port());
            assertThat(info.connectedClients()).isPositive();
            assertThat(info.role()).isEqualTo("master");
            assertThat(info.connectedReplicas()).isZero();
            assertThat(info.replicaLag()).isNull();
            assertThat(info.needsReplicas()).isTrue();
            assertThat(info.usedMemoryBytes()).isBetween(100_000L, 100_000_000L);
            assertThat(info.maxMemoryBytes()).isEqualTo(100 * 1024 * 1024);
            assertThat(info.maxMemoryPolicy()).isEqualTo("allkeys-lru");
            assertThat(info.evictedKeys()).isZero();
            assertThat(info.rejectedConnections()).isZero();
            assertThat(info.appendOnly()).isTrue();
            assertThat(info.lastSaveOk()).isTrue();
            assertThat(info.loading()).isFalse();
            assertThat(info.uptime()).isLessThan(SOON);
            assertThat(info.clockOffset()).isBetween(Duration.ofMillis(-500), Duration.ofMillis(500));
            assertThat(info.tls()).isFalse();
            assertThat(info.clusterState()).isNull();
            assertThat(Duration.between(info.seenAt(), Instant.now())).isLessThan(SOON);
        }
    }

    /** Two round trips of the handshake, PING, and one for everything else, whatever the number of databases. */
    @Test
    void serverInfoSharesARoundTripWithTheProbe() {
        try (TestRedis redis = TestRedis.start();
                CountingProxy proxy = new CountingProxy(redis.port());
                RedisConnections connections = Connections.with(
                        Map.of(
                                "REDIS_SESSION_URL",
                                proxy.url(),
                                "REDIS_URL",
                                proxy.url().replace("/0", "/7")),
                        EnumSet.of(RedisPurpose.SESSIONS, RedisPurpose.CACHE))) {
            assertThat(connections.serverInfo(RedisPurpose.CACHE)).hasSize(1);
            assertThat(proxy.takeRoundTrips()).isLessThanOrEqualTo(4);
        }
    }

    @Test
    void serverInfoIsEmptyIfTheAclForbidsItAndHealthIsUnaffected() {
        try (TestRedis redis = TestRedis.start();
                Jedis client = new Jedis("127.0.0.1", redis.port())) {
            client.aclSetUser("gate", "on", ">secret", "~*", "+@all", "-info", "-time");
            String url = "redis://gate:secret@127.0.0.1:" + redis.port() + "/0";
            try (RedisConnections connections = Connections.to(url)) {
                assertThat(connections.serverInfo(RedisPurpose.SESSIONS)).isEmpty();
                assertThat(connections.health(RedisPurpose.SESSIONS).up()).isTrue();
                assertThat(connections.health(RedisPurpose.SESSIONS).role()).isEqualTo("master");
            }
            client.aclSetUser("gate", "+info");
            try (RedisConnections connections = Connections.to(url)) {
                assertThat(connections.serverInfo(RedisPurpose.SESSIONS))
                        .singleElement()
                        .satisfies(info -> assertThat(info.clockOffset()).isNull());
            }
        }
    }

    @Test
    void reportsThatAServerIsLoading() throws IOException {
        try (TestRedis redis = TestRedis.start("--appendonly", "yes", "--key-load-delay", "200")) {
            try (Jedis client = new Jedis("127.0.0.1", redis.port())) {
                Pipeline pipeline = client.pipelined();
                for (int i = 0; i < 20_000; i++) {
                    pipeline.set("key" + i, "x");
                }
                pipeline.sync();
            }
            redis.process().restart();
            try (RedisConnections connections = Connections.to(redis.url())) {
                assertThat(connections.serverInfo(RedisPurpose.SESSIONS))
                        .singleElement()
                        .satisfies(info -> assertThat(info.loading()).isTrue());
                assertThat(connections.health(RedisPurpose.SESSIONS).fault())
                        .isEqualTo(RedisUnavailableException.Reason.BUSY);
            }
        }
    }

    @Test
    void keepsTheServerInfoOfAnUnavailableServer() {
        TestRedis redis = TestRedis.start();
        try (RedisConnections connections = Connections.to(redis.url())) {
            ServerInfo before = connections.serverInfo(RedisPurpose.SESSIONS).get(0);
            redis.close();
            Eventually.holds("the server is reported as down", SOON, () -> {
                return catchThrowable(() -> connections.send(Calls.get("k"))) != null
                        && !connections.health(RedisPurpose.SESSIONS).up();
            });
            assertThat(connections.serverInfo(RedisPurpose.SESSIONS).get(0).version())
                    .isEqualTo(before.version());
        }
    }

    @Test
    void countsTheReplicasOfTheSentinelsMaster() {
        try (TestSentinel sentinel = new TestSentinel()) {
            Map<String, String> settings = new HashMap<>(sentinel.settings());
            settings.put("REDIS_HEALTH_CHECK_INTERVAL", "1");
            try (RedisConnections connections = Connections.with(settings)) {
                Eventually.within(
                        SOON,
                        () -> assertThat(connections.serverInfo(RedisPurpose.SESSIONS))
                                .singleElement()
                                .satisfies(info -> {
                                    assertThat(info.role()).isEqualTo("master");
                                    assertThat(info.connectedReplicas()).isEqualTo(1);
                                    assertThat(info.replicaLag()).isBetween(Duration.ZERO, Duration.ofSeconds(5));
                                    assertThat(info.needsReplicas()).isFalse();
                                }));
            }
        }
    }

    @Test
    void readsTheServerInfoOfEveryMasterOfACluster() {
        try (TestCluster cluster = new TestCluster()) {
            try (RedisConnections connections = Connections.with(cluster.settings())) {
                List<ServerInfo> all = connections.serverInfo(RedisPurpose.SESSIONS);
                assertThat(all)
                        .extracting(ServerInfo::node)
                        .doesNotHaveDuplicates()
                        .hasSize(3);
                assertThat(all).allSatisfy(info -> {
                    assertThat(info.role()).isEqualTo("master");
                    assertThat(info.clusterState()).isEqualTo("ok");
                    assertThat(info.clockOffset()).isBetween(Duration.ofMillis(-500), Duration.ofMillis(500));
                });
            }
        }
    }

    @Test
    void theDocumentedAclRightsSuffice() throws IOException {
        String page = Files.readString(Path.of("src/docs/reference/configuration.md"));
        int start = page.indexOf("- **ACL**");
        assertThat(page.substring(start, page.indexOf("- **Eviction**", start))).contains("+info", "+time", "+role");
    }
}
