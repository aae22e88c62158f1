package io.gatehouse.internal.ratelimit;

import static io.gatehouse.internal.ratelimit.LimiterFixture.countingFailures;
import static io.gatehouse.internal.ratelimit.LimiterFixture.leased;
import static io.gatehouse.internal.ratelimit.LimiterFixture.request;
import static io.gatehouse.internal.ratelimit.LimiterFixture.rule;
import static io.gatehouse.internal.ratelimit.LimiterFixture.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.rules.RateLimitRequest;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.internal.rules.RateLimitRule.OnRedisFailure;
import io.gatehouse.ratelimit.RuleStatistics;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.TestRedis;
import io.gatehouse.testing.TestSentinel;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests of rules while Redis is unavailable. */
class LimitsWithoutRedisTest {
    private static final RateLimitRequest SOMEBODY = request("203.0.113.7");

    /** Connects to a port without a server. */
    private static RedisConnections nowhere() {
        return LimiterFixture.connect("redis://127.0.0.1:1/0");
    }

    @Test
    void anOpenRuleAllowsAndAClosedRuleIsUnavailable() {
        try (RedisConnections redis = nowhere()) {
            LimiterFixture node = new LimiterFixture(redis, with(rule("a", "ip", "1/hour"), OnRedisFailure.OPEN));
            assertThat(node.allows(SOMEBODY)).isTrue();
            assertThat(node.allows(SOMEBODY)).isTrue();
            node.rules(
                    with(rule("a", "ip", "1/hour"), OnRedisFailure.OPEN),
                    with(rule("b", "ip", "1/hour"), OnRedisFailure.CLOSED));
            assertThat(node.check(SOMEBODY).decision()).isInstanceOf(LimitDecision.Unavailable.class);
            node.rules(with(with(rule("b", "ip", "1/hour"), OnRedisFailure.CLOSED), RateLimitRule.Mode.DRY_RUN));
            assertThat(node.allows(SOMEBODY)).as("a dry run refuses nothing").isTrue();
        }
    }

    @Test
    void aLocalRuleCountsOnThisNode() {
        try (RedisConnections redis = nowhere()) {
            LimiterFixture node = new LimiterFixture(
                    redis,
                    with(rule("a", "ip", "3/hour"), OnRedisFailure.LOCAL),
                    with(rule("b", "global", "5/hour"), OnRedisFailure.LOCAL));
            for (int i = 0; i < 3; i++) {
                assertThat(node.allows(SOMEBODY)).isTrue();
            }
            assertThat(node.allows(SOMEBODY)).isFalse();
            assertThat(node.allows(request("203.0.113.8"))).isTrue();
            assertThat(node.allows(request("203.0.113.9")))
                    .as("a refused request was charged nowhere, so the fifth of all is left")
                    .isTrue();
            assertThat(node.allows(request("203.0.113.10"))).isFalse();
            node.nanos.addAndGet(Duration.ofMinutes(20).toNanos());
            assertThat(node.allows(SOMEBODY)).isTrue();
        }
    }

    @Test
    void successesAreRefundedOnThisNodeToo() {
        try (RedisConnections redis = nowhere()) {
            LimiterFixture node =
                    new LimiterFixture(redis, with(countingFailures(rule("a", "ip", "1/hour")), OnRedisFailure.LOCAL));
            for (int i = 0; i < 3; i++) {
                RateLimitCheck check = node.check(SOMEBODY);
                assertThat(check.decision()).isInstanceOf(LimitDecision.Allowed.class);
                check.complete(200);
            }
            node.check(SOMEBODY).complete(401);
            assertThat(node.allows(SOMEBODY)).isFalse();
        }
    }

    @Test
    void eachNodeKeepsItsShareOfALimit() {
        try (TestRedis server = TestRedis.start();
                RedisConnections redis = LimiterFixture.connect(server.url())) {
            RateLimitRule rule = with(rule("a", "ip", "10/hour"), OnRedisFailure.LOCAL);
            LimiterFixture one = new LimiterFixture(redis, rule);
            LimiterFixture two = new LimiterFixture(redis, rule);
            one.limiter.heartbeat();
            two.limiter.heartbeat();
            one.limiter.heartbeat();
            server.process().close();
            int allowed = 0;
            for (int i = 0; i < 20; i++) {
                allowed += one.allows(SOMEBODY) ? 1 : 0;
                allowed += two.allows(SOMEBODY) ? 1 : 0;
            }
            assertThat(allowed).isEqualTo(10);
        }
    }

    @Test
    void theStatisticsOfARuleShowThatRedisWasDown() {
        try (RedisConnections redis = nowhere()) {
            LimiterFixture node = new LimiterFixture(redis, with(rule("a", "ip", "1/hour"), OnRedisFailure.LOCAL));
            assertThat(node.allows(SOMEBODY)).isTrue();
            assertThat(node.allows(SOMEBODY)).isFalse();
            assertThat(node.limiter.statistics()).containsExactly(new RuleStatistics("a", 1, 1, 0, 0, 2));
        }
    }

    @Test
    void prefetchedTokensStayValidWithoutRedis() {
        try (TestRedis server = TestRedis.start();
                RedisConnections redis = LimiterFixture.connect(server.url())) {
            LimiterFixture node =
                    new LimiterFixture(redis, with(leased(rule("a", "global", "200/min")), OnRedisFailure.CLOSED));
            assertThat(node.allows(SOMEBODY)).isTrue();
            server.process().close();
            for (int i = 0; i < 9; i++) {
                assertThat(node.allows(SOMEBODY)).as("token %s of ten", i + 2).isTrue();
            }
            assertThat(node.check(SOMEBODY).decision()).isInstanceOf(LimitDecision.Unavailable.class);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SILENT", "CUTTING"})
    void aRequestWhoseReplyIsLostIsChargedOnce(CountingProxy.Fault fault) {
        try (TestRedis server = TestRedis.start();
                CountingProxy proxy = new CountingProxy(server.port());
                RedisConnections redis = Connections.with(
                        Map.of("REDIS_RATE_LIMIT_URL", proxy.url(), "GATEHOUSE_REDIS_DEADLINE", "500ms"),
                        EnumSet.of(RedisPurpose.RATE_LIMIT));
                RedisConnections straight = LimiterFixture.connect(server.url())) {
            RateLimitRule rule = with(rule("a", "ip", "sliding 10/day"), OnRedisFailure.OPEN);
            LimiterFixture node = new LimiterFixture(redis, rule);
            assertThat(node.allows(SOMEBODY)).isTrue();
            proxy.fault(fault);
            assertThat(node.allows(SOMEBODY)).isTrue();
            LimiterFixture other = new LimiterFixture(straight, rule);
            assertThat(other.limiter.inspect("ip", "203.0.113.7").get(0).remaining())
                    .as("two requests")
                    .isEqualTo(8);
        }
    }

    @Test
    void countersContinueOnTheNewMasterAfterAFailover() {
        try (TestSentinel sentinel = new TestSentinel();
                RedisConnections redis = Connections.with(ofLimits(sentinel), EnumSet.of(RedisPurpose.RATE_LIMIT))) {
            LimiterFixture node = new LimiterFixture(redis, with(rule("a", "ip", "2/day"), OnRedisFailure.CLOSED));
            assertThat(node.allows(SOMEBODY)).isTrue();
            Eventually.holds(
                    "the replica has it",
                    Duration.ofSeconds(10),
                    () -> !sentinel.replica().keys().isEmpty());
            sentinel.master().process().kill();
            Eventually.holds(
                    "the new master is used",
                    Duration.ofSeconds(30),
                    () -> node.check(SOMEBODY).decision() instanceof LimitDecision.Allowed);
            assertThat(node.check(SOMEBODY).decision())
                    .as("what was used before the failover counts")
                    .isInstanceOf(LimitDecision.Refused.class);
        }
    }

    private static Map<String, String> ofLimits(TestSentinel sentinel) {
        Map<String, String> settings = new HashMap<>(sentinel.settings());
        settings.put("REDIS_RATE_LIMIT_URL", "redis://ignored/0");
        return settings;
    }
}
