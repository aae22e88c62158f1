package io.gatehouse.internal.warmup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.RedisPurpose;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.GatehouseUser;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

@RedisTest
class KeyUsageTrackerTest {
    private static final String KEY = "gatehouse:{shop%2Feu.u}:user";

    private static TestRedis redis;
    private static RedisConnections connections;
    private Jedis client;

    @BeforeAll
    static void startRedis(TestRedis server) {
        redis = server;
        connections = to(redis.url());
    }

    @AfterAll
    static void stopRedis() {
        connections.close();
    }

    @BeforeEach
    void openClient() {
        client = new Jedis("127.0.0.1", redis.port());
    }

    @AfterEach
    void closeClient() {
        client.close();
    }

    private static RedisConnections to(String url) {
        return Connections.with(Map.of("REDIS_CACHE_WARMING_URL", url), EnumSet.of(RedisPurpose.CACHE_WARMING));
    }

    private static KeyUsageTracker node() {
        return new KeyUsageTracker(connections, "gatehouse", "shop/eu");
    }

    private static void use(KeyUsageTracker node, String key, int times) {
        for (int i = 0; i < times; i++) {
            node.used("user", key);
        }
    }

    @Test
    void useCountsOfAllNodesAreAdded() {
        KeyUsageTracker one = node();
        KeyUsageTracker other = node();
        use(one, "ann", 5);
        use(one, "bob", 4);
        use(other, "bob", 3);
        use(other, "cid", 1);
        one.used("roles", "admin");
        one.publish();
        other.publish();
        one.publish(); // no new uses
        assertThat(other.hottest("user", 2)).containsExactly("bob", "ann");
        assertThat(other.hottest("user", 9)).containsExactly("bob", "ann", "cid");
        assertThat(other.hottest("roles", 9)).containsExactly("admin");
        assertThat(other.hottest("nothing", 9)).isEmpty();
        assertThat(client.zscore(KEY, "bob")).isEqualTo(7);
    }

    @Test
    void usageKeysExpireAfterAWeek() {
        KeyUsageTracker node = node();
        use(node, "ann", 1);
        node.publish();
        assertThat(redis.keys()).containsExactly(KEY, KEY + ":t");
        assertThat(redis.keys())
                .allSatisfy(key -> assertThat(client.pttl(key))
                        .isBetween(
                                Duration.ofDays(6).toMillis(),
                                Duration.ofDays(7).toMillis()));
    }

    @Test
    void aUseCountsHalfAsMuchAfterADay() {
        KeyUsageTracker node = node();
        use(node, "ann", 8);
        node.publish();
        long yesterday = System.currentTimeMillis() - Duration.ofDays(1).toMillis();
        client.set(KEY + ":t", "" + yesterday);
        use(node, "bob", 5);
        node.publish();
        assertThat(node.hottest("user", 2)).containsExactly("bob", "ann");
        assertThat(client.zscore(KEY, "ann")).isBetween(3.9, 4.0);
        assertThat(Long.parseLong(client.get(KEY + ":t"))).isGreaterThan(yesterday + 1_000);
        assertThat(client.pttl(KEY)).isPositive();
    }

    @Test
    void keysThatWereUsedLongAgoAreRemoved() {
        KeyUsageTracker node = node();
        use(node, "ann", 1);
        node.publish();
        client.set(
                KEY + ":t",
                "" + (System.currentTimeMillis() - Duration.ofDays(7).toMillis()));
        use(node, "bob", 1);
        node.publish();
        assertThat(node.hottest("user", 9)).containsExactly("bob");
    }

    @Test
    void keepsNoMoreThanTheMaximumNumberOfKeys() {
        Map<String, Double> many = new HashMap<>();
        for (int i = 0; i < KeyUsageTracker.MAX_KEYS; i++) {
            many.put("" + i, 2.0 + i);
        }
        client.zadd(KEY, many);
        KeyUsageTracker node = node();
        use(node, "ann", 50);
        use(node, "bob", 1);
        node.publish();
        assertThat(client.zcard(KEY)).isEqualTo(KeyUsageTracker.MAX_KEYS);
        assertThat(client.zscore(KEY, "ann")).isEqualTo(50);
        assertThat(client.zscore(KEY, "bob")).isNull();
    }

    @Test
    void overlongKeysAreNotCounted() {
        KeyUsageTracker node = node();
        use(node, "x".repeat(513), 3);
        node.publish();
        assertThat(redis.keys()).isEmpty();
    }

    @Test
    void countsThatCouldNotBePublishedAreSentTheNextTime() {
        try (TestRedis other = TestRedis.start();
                RedisConnections to = to(other.url())) {
            KeyUsageTracker node = new KeyUsageTracker(to, "gatehouse", "shop");
            use(node, "ann", 2);
            other.freeze(true);
            assertThatThrownBy(node::publish).isInstanceOf(RedisUnavailableException.class);
            other.freeze(false);
            use(node, "ann", 1);
            Eventually.within(Duration.ofSeconds(10), node::publish);
            try (Jedis reader = new Jedis("127.0.0.1", other.port())) {
                assertThat(reader.zscore("gatehouse:{shop.u}:user", "ann")).isGreaterThanOrEqualTo(3);
            }
        }
    }

    @Test
    void theShippedRedisUserMayTrackUsage() {
        client.aclSetUser("gatehouse", GatehouseUser.rules().toArray(String[]::new));
        try (RedisConnections connections = to(GatehouseUser.url(redis.port()))) {
            KeyUsageTracker node = new KeyUsageTracker(connections, "gatehouse", "shop/eu");
            client.set(KEY + ":t", "1");
            use(node, "ann", 1);
            node.publish();
            assertThat(node.hottest("user", 1)).containsExactly("ann");
        }
    }
}
