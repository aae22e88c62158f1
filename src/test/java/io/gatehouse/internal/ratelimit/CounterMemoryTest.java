package io.gatehouse.internal.ratelimit;

import static io.gatehouse.internal.ratelimit.LimiterFixture.request;
import static io.gatehouse.internal.ratelimit.LimiterFixture.rule;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** Tests how much memory a counter takes in Redis. */
@RedisTest
class CounterMemoryTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static final RedisConnections CONNECTIONS = LimiterFixture.connect(REDIS.url());

    @AfterAll
    static void stop() {
        CONNECTIONS.close();
    }

    @Test
    void aCounterStaysWithinItsMemoryBudget() {
        LimiterFixture node =
                new LimiterFixture(CONNECTIONS, rule("a", "ip", "5/day"), rule("b", "ip", "sliding 500/hour"));
        try (RedisClient client = REDIS.client()) {
            node.check(request("10.255.255.255"));
            long before = usedMemory(client);
            for (int i = 0; i < 20_000; i++) {
                node.check(request("10.1." + i / 250 + "." + i % 250));
            }
            long after = usedMemory(client);
            assertThat(client.dbSize()).isEqualTo(40_002);
            assertThat((after - before) / 40_000)
                    .as("bytes for a counter, all included")
                    .isLessThanOrEqualTo(140);
        }
    }

    private static long usedMemory(RedisClient client) {
        return client.info("memory")
                .lines()
                .filter(line -> line.startsWith("used_memory:"))
                .mapToLong(line ->
                        Long.parseLong(line.substring("used_memory:".length()).strip()))
                .sum();
    }
}
