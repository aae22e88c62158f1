package io.gatehouse.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;
import redis.clients.jedis.util.JedisClusterCRC16;

/** Tests short outages under load: requests succeed again as soon as Redis is available, and repeatable requests never fail. */
@Timeout(120)
class ShortOutageTest {
    /** Far above the half second that recovery takes, and far below the 30 seconds between two health checks. */
    private static final Duration SOON = Duration.ofSeconds(5);

    /** The masters of a cluster elect a new one in seconds, and again if the votes come too late on a busy machine. */
    private static final Duration ELECTION = Duration.ofSeconds(60);

    /** A deadline for tests in which no request may fail, even on a busy machine. */
    private static final String PATIENT = "10s";

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 64})
    void killedConnectionsFailNoRepeatableRequest(int threads) {
        try (TestRedis redis = TestRedis.start();
                RedisConnections connections = patient(redis.url());
                Jedis admin = new Jedis("127.0.0.1", redis.port());
                Load load = new Load(threads, i -> connections.send(Calls.get("k" + i)))) {
            for (int round = 0; round < 10; round++) {
                load.awaitProgress(SOON);
                admin.clientKill(ClientKillParams.clientKillParams()
                        .type(ClientType.NORMAL)
                        .skipMe(ClientKillParams.SkipMe.YES));
            }
            load.awaitProgress(SOON);
            assertThat(load.takeFailures()).isEmpty();
            assertThat(connections.health(RedisPurpose.SESSIONS).breaker()).isEqualTo("closed");
        }
    }

    @Test
    void killedConnectionsFailOnlyOneNonRepeatableRequest() {
        try (TestRedis redis = TestRedis.start();
                CountingProxy proxy = new CountingProxy(redis.port());
                RedisConnections connections = patient(proxy.url())) {
            try (Load load = new Load(16, i -> connections.send(Calls.get("k")))) {
                load.awaitProgress(SOON);
            }
            proxy.cut();
            int failed = 0;
            for (int i = 0; i < 32; i++) {
                failed += works(connections) ? 0 : 1;
            }
            assertThat(failed)
                    .as("the other idle connections were discarded with it")
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 64})
    void requestsSucceedSoonAfterARestartOfRedis(int threads) throws IOException {
        try (TestRedis redis = TestRedis.start();
                RedisConnections connections = Connections.to(redis.url());
                Load load = new Load(threads, i -> connections.send(Calls.get("k" + i)))) {
            load.awaitProgress(SOON);
            redis.process().kill();
            Eventually.holds(
                    "the breaker is open",
                    SOON,
                    () -> connections.health(RedisPurpose.SESSIONS).breaker().equals("open"));
            redis.process().restart();
            load.awaitProgress(SOON);
            assertThat(load.takeFailures()).allMatch(RedisUnavailableException.class::isInstance);
        }
    }

    @Test
    void usesTheNewMasterAsSoonAsTheSentinelsAgree() {
        try (TestSentinel sentinel = new TestSentinel();
                RedisConnections connections = Connections.with(sentinel.settings());
                Load load = new Load(8, i -> connections.send(Calls.count("k" + i)))) {
            load.awaitProgress(SOON);
            sentinel.master().process().kill();
            Eventually.holds("the sentinels agree", Duration.ofSeconds(20), () -> sentinel.agreeOn(sentinel.replica()));
            load.awaitProgress(SOON);
            assertThat(load.takeFailures()).allMatch(RedisUnavailableException.class::isInstance);
        }
    }

    @Test
    void slotsOfOtherMastersStayAvailableWhileOneMasterIsDead() {
        try (TestCluster cluster = new TestCluster()) {
            cluster.serveInPart();
            cluster.addReplica(0);
            Map<String, String> settings = new java.util.HashMap<>(cluster.settings());
            settings.put("GATEHOUSE_REDIS_DEADLINE", PATIENT);
            List<String> onDead = keys(0);
            List<String> onLiving = IntStream.of(1, 2)
                    .mapToObj(ShortOutageTest::keys)
                    .flatMap(List::stream)
                    .toList();
            try (RedisConnections connections = Connections.with(settings);
                    Load living = new Load(8, i -> connections.send(Calls.count(onLiving.get(i % onLiving.size()))));
                    Load dead = new Load(8, i -> connections.send(Calls.count(onDead.get(i % onDead.size()))))) {
                living.awaitProgress(SOON);
                dead.awaitProgress(SOON);
                cluster.nodes().get(0).process().kill();
                Eventually.holds("the others keep working", ELECTION, () -> {
                    living.awaitProgress(SOON);
                    return cluster.hasNewMaster(slot(onDead.get(0)), 0);
                });
                dead.awaitProgress(SOON);
                assertThat(living.takeFailures()).isEmpty();
                assertThat(dead.takeFailures()).isNotEmpty().allMatch(RedisUnavailableException.class::isInstance);
            }
        }
    }

    @Test
    void aPipelineToSeveralNodesFailsOnlyForTheDeadNode() {
        try (TestCluster cluster = new TestCluster()) {
            cluster.serveInPart();
            try (RedisConnections connections = Connections.with(cluster.settings())) {
                cluster.nodes().get(0).process().kill();
                for (int i = 0; i < 20; i++) {
                    Pipeline pipeline = new Pipeline();
                    Response<Long> dead = pipeline.add(Calls.count(keys(0).get(0)));
                    Response<Long> living = pipeline.add(Calls.count(keys(1).get(0)));
                    connections.send(pipeline);
                    assertThat(dead.fault()).isInstanceOf(RedisUnavailableException.class);
                    assertThat(living.get()).isEqualTo(i + 1);
                }
            }
        }
    }

    /** Returns some keys in the slots that the test cluster assigns to a node. */
    private static List<String> keys(int node) {
        return IntStream.range(0, 1000)
                .mapToObj(i -> "key" + i)
                .filter(key -> slot(key) * 3 / 16384 == node)
                .limit(8)
                .toList();
    }

    private static int slot(String key) {
        return JedisClusterCRC16.getSlot(key);
    }

    private static RedisConnections patient(String url) {
        return Connections.with(Map.of("REDIS_SESSION_URL", url, "GATEHOUSE_REDIS_DEADLINE", PATIENT));
    }

    private static boolean works(RedisConnections connections) {
        try {
            connections.send(Calls.count("works"));
            return true;
        } catch (RedisUnavailableException e) {
            return false;
        }
    }
}
