package io.gatehouse.internal.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.ratelimit.LimiterFixture;
import io.gatehouse.internal.ratelimit.RuleStatus;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.login.LoginListener;
import io.gatehouse.ratelimit.LoginClockShift;
import io.gatehouse.ratelimit.RuleStatistics;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.GatehouseUser;
import io.gatehouse.testing.TestRedis;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The rights in {@code server-config/redis/users.acl} are enough for login protection and for the limits. */
class LimitsAclTest {

    @Test
    void theRightsOfTheShippedUserAreSufficient() {
        try (TestRedis redis = TestRedis.start()) {
            String url = GatehouseUser.at(redis);
            try (RedisConnections connections =
                    Connections.with(Map.of("REDIS_RATE_LIMIT_URL", url), EnumSet.of(RedisPurpose.RATE_LIMIT))) {
                LoginNode node = new LoginNode(
                        connections,
                        Map.of("GATEHOUSE_LOGIN_ON_REDIS_FAILURE", "closed"),
                        LoginNode.at(0),
                        LoginListener.NONE);
                String cookie = node.logIn("alice", 1, null);
                assertThat(node.guessAll("alice", 1, cookie)).isEqualTo(5);
                assertThat(node.guessAll("alice", 1, null)).isEqualTo(5);
                node.guard.reset("alice");
                assertThat(node.guess("alice", 1, cookie)).isTrue();
                node.pass("alice", 1, cookie).abandoned();
                LoginClockShift.pass(List.of(redis), java.time.Duration.ofHours(25));
                assertThat(node.guess("alice", 1, cookie)).isTrue();
                assertThat(node.guard.inspect("alice").failures()).isZero();
                assertThat(node.guard.count(LoginEvent.UNSETTLED)).isZero();
                limit(connections);
            }
        }
    }

    private static void limit(RedisConnections connections) {
        RateLimitRule bucket = LimiterFixture.countingFailures(LimiterFixture.rule("a", "ip", "5/hour"));
        LimiterFixture limits =
                new LimiterFixture(connections, bucket, LimiterFixture.rule("b", "ip", "sliding 5/hour"));
        limits.check(LimiterFixture.request("203.0.113.7")).complete(200);
        limits.check(LimiterFixture.request("203.0.113.7")).complete(401);
        limits.limiter.heartbeat();
        assertThat(limits.limiter.applications()).hasSize(1);
        assertThat(limits.limiter.inspect("ip", "203.0.113.7"))
                .extracting(RuleStatus::remaining)
                .containsExactly(4L, 3L);
        limits.limiter.blocked().noteAccount("account", java.time.Duration.ofMinutes(1));
        assertThat(limits.limiter.blocked().list(10)).hasSize(1);
        assertThat(limits.limiter.release("account", account -> {})).isTrue();
        assertThat(limits.limiter.clusterStatistics()).hasSize(2);
        assertThat(limits.limiter.reset("ip", "203.0.113.7")).isEqualTo(2);
        assertThat(limits.limiter.statistics())
                .extracting(RuleStatistics::withoutRedis)
                .containsExactly(0L, 0L);
    }
}
