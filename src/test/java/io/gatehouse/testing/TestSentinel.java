package io.gatehouse.testing;

import io.gatehouse.run.RedisProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import redis.clients.jedis.Jedis;

/** A master, a replica and three sentinels that watch them. */
public final class TestSentinel implements RedisDeployment {
    private static final String MASTER = "mymaster";

    private final TestRedis master;
    private final TestRedis replica;
    private final List<RedisProcess> sentinels = new ArrayList<>();

    public TestSentinel() {
        master = TestRedis.start();
        replica = TestRedis.start("--replicaof", "127.0.0.1", "" + master.port());
        try {
            for (int i = 0; i < 3; i++) {
                sentinels.add(RedisProcess.startSentinel(
                        TestRedis.executable(),
                        TestRedis.folder(),
                        List.of(
                                "sentinel monitor " + MASTER + " 127.0.0.1 " + master.port() + " 2",
                                "sentinel down-after-milliseconds " + MASTER + " 800",
                                "sentinel failover-timeout " + MASTER + " 3000")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Eventually.holds(
                "the sentinels know each other and the replica",
                Duration.ofSeconds(20),
                () -> sentinels.stream().allMatch(sentinel -> {
                    try (Jedis jedis = new Jedis("127.0.0.1", sentinel.port())) {
                        Map<String, String> state = jedis.sentinelMaster(MASTER);
                        return "2".equals(state.get("num-other-sentinels")) && "1".equals(state.get("num-slaves"));
                    }
                }));
    }

    @Override
    public Map<String, String> settings() {
        return Map.of(
                "REDIS_SENTINEL_ENABLED",
                "True",
                "REDIS_SENTINEL_HOSTS",
                sentinels.stream()
                        .map(sentinel -> "127.0.0.1:" + sentinel.port())
                        .collect(Collectors.joining(",")),
                "REDIS_SESSION_URL",
                "redis://ignored/0");
    }

    public TestRedis master() {
        return master;
    }

    public TestRedis replica() {
        return replica;
    }

    /** Returns whether most sentinels name the server as the master. */
    public boolean agreeOn(TestRedis server) {
        return sentinels.stream()
                        .filter(sentinel -> {
                            try (Jedis jedis = new Jedis("127.0.0.1", sentinel.port())) {
                                return jedis.sentinelGetMasterAddrByName(MASTER)
                                        .get(1)
                                        .equals("" + server.port());
                            }
                        })
                        .count()
                > sentinels.size() / 2;
    }

    /** Makes the sentinels promote the replica, as an operator does before maintenance. */
    public void failover() {
        try (Jedis jedis = new Jedis("127.0.0.1", sentinels.get(0).port())) {
            jedis.sentinelFailover(MASTER);
        }
    }

    /** Freezes all sentinels or resumes them. */
    public void freezeSentinels(boolean on) {
        sentinels.forEach(sentinel -> TestRedis.freeze(sentinel, on));
    }

    @Override
    public List<TestRedis> masters() {
        return List.of(master);
    }

    @Override
    public void close() {
        sentinels.forEach(RedisProcess::close);
        replica.close();
        master.close();
    }
}
