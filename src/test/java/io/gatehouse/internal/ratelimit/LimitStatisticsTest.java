package io.gatehouse.internal.ratelimit;

import static io.gatehouse.internal.ratelimit.LimiterFixture.request;
import static io.gatehouse.internal.ratelimit.LimiterFixture.rule;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.ratelimit.RateLimiter;
import io.gatehouse.ratelimit.RuleStatistics;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** Tests of the totals of all nodes. */
@RedisTest
class LimitStatisticsTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static final RedisConnections CONNECTIONS = LimiterFixture.connect(REDIS.url());
    private static final RateLimitRule RULE = rule("a", "ip", "2/hour");

    @AfterAll
    static void stop() {
        CONNECTIONS.close();
    }

    @Test
    void theNumbersOfAllNodesAreSummedAndAProcessWithoutAHeartbeatOnlyReadsThem() {
        LimiterFixture first = new LimiterFixture(CONNECTIONS, RULE);
        LimiterFixture second = new LimiterFixture(CONNECTIONS, RULE, rule("only-second", "ip", "9/hour"));
        LimiterFixture command = new LimiterFixture(CONNECTIONS, RULE);
        for (int i = 0; i < 3; i++) {
            first.check(request("203.0.113.7"));
        }
        second.check(request("203.0.113.8"));
        first.limiter.heartbeat();
        second.limiter.heartbeat();
        RateLimiter limiter = new DefaultRateLimiter(command.limiter, account -> {});
        assertThat(limiter.clusterStatistics())
                .extracting(RuleStatistics::rule, RuleStatistics::allowed, RuleStatistics::refused)
                .containsExactly(Tuple.tuple("a", 3L, 1L), Tuple.tuple("only-second", 1L, 0L));
        first.check(request("203.0.113.9"));
        assertThat(first.limiter.clusterStatistics().get(0).allowed()).isEqualTo(4);
        try (RedisClient client = REDIS.client()) {
            String key = "gatehouse:{r.app}statistics";
            assertThat(client.hlen(key)).isEqualTo(2);
            assertThat(client.pttl(key)).isBetween(1L, 40_000L);
            client.hset(key, "newer", "99999999999999 a 1 0 0 0 0 77 88\nnot a line");
        }
        assertThat(limiter.clusterStatistics().get(0).allowed()).isEqualTo(5);
    }

    @Test
    void aReportThatIsDamagedIsRemovedAndDisturbsNoOther() {
        LimiterFixture node = new LimiterFixture(CONNECTIONS, RULE);
        node.check(request("203.0.113.7"));
        try (RedisClient client = REDIS.client()) {
            String key = "gatehouse:{r.app}statistics";
            client.hset(key, "damaged", "damaged");
            client.pexpire(key, 30_000);
            node.limiter.heartbeat();
            assertThat(client.hkeys(key)).doesNotContain("damaged").isNotEmpty();
        }
        assertThat(node.limiter.clusterStatistics().get(0).allowed()).isEqualTo(1);
    }
}
