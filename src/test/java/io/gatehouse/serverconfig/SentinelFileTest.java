package io.gatehouse.serverconfig;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.run.RedisProcess;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.Eventually;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Jedis;

/** Tests that three sentinels with the shipped file fail over between two servers with the shipped file, and that Gatehouse follows. */
@Timeout(120)
class SentinelFileTest {
    private static final String MASTER = "mymaster";
    private static final String PASSWORD = "change-me-sentinels";
    private static final Duration LONG = Duration.ofSeconds(40);

    private final List<RedisProcess> sentinels = new ArrayList<>();

    @Test
    void gatehouseFollowsTheMasterThatTheSentinelsChoose() throws IOException {
        try (ShippedRedis master = ShippedRedis.start("standalone.conf");
                ShippedRedis replica =
                        ShippedRedis.start("standalone.conf", "--replicaof", "127.0.0.1", "" + master.port())) {
            for (int i = 0; i < 3; i++) {
                sentinels.add(ShippedRedis.startSentinel(master.port()));
            }
            Eventually.within(LONG, () -> sentinels.forEach(SentinelFileTest::knowsTheOthers));
            try (RedisConnections connections = Connections.with(settings())) {
                assertThat(connections.send(ShippedRedis.count(RedisPurpose.SESSIONS)))
                        .isEqualTo(1);
                try (Jedis admin = master.admin()) {
                    Eventually.within(
                            LONG, () -> assertThat(admin.waitReplicas(1, 1000)).isEqualTo(1));
                }
                master.process().kill();
                Eventually.within(
                        LONG,
                        () -> assertThat(connections.send(ShippedRedis.count(RedisPurpose.SESSIONS)))
                                .isEqualTo(2));
                try (Jedis admin = replica.admin()) {
                    assertThat(admin.info("replication")).contains("role:master");
                }
            }
        } finally {
            sentinels.forEach(RedisProcess::close);
        }
    }

    private static void knowsTheOthers(RedisProcess sentinel) {
        try (Jedis jedis = new Jedis("127.0.0.1", sentinel.port())) {
            jedis.auth(PASSWORD);
            assertThat(jedis.sentinelMaster(MASTER))
                    .containsEntry("num-other-sentinels", "2")
                    .containsEntry("num-slaves", "1")
                    .containsEntry("flags", "master");
        }
    }

    private Map<String, String> settings() {
        return Map.of(
                "REDIS_SENTINEL_ENABLED",
                "True",
                "REDIS_SENTINEL_HOSTS",
                sentinels.stream()
                        .map(sentinel -> "127.0.0.1:" + sentinel.port())
                        .collect(Collectors.joining(",")),
                "GATEHOUSE_REDIS_SENTINEL_PASSWORD",
                PASSWORD,
                "REDIS_SESSION_URL",
                "redis://gatehouse:change-me@ignored/0");
    }
}
