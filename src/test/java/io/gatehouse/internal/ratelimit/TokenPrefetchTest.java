package io.gatehouse.internal.ratelimit;

import static io.gatehouse.internal.ratelimit.LimiterFixture.leased;
import static io.gatehouse.internal.ratelimit.LimiterFixture.request;
import static io.gatehouse.internal.ratelimit.LimiterFixture.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.rules.RateLimitRequest;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests of token prefetch. */
@RedisTest
class TokenPrefetchTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static final RateLimitRequest SOMEBODY = request("203.0.113.7");

    @Test
    void mostRequestsOfABusyCounterNeedNoRoundTrip() {
        try (CountingProxy proxy = new CountingProxy(REDIS.port());
                RedisConnections redis = LimiterFixture.connect(proxy.url())) {
            LimiterFixture node = new LimiterFixture(redis, leased(rule("a", "global", "sliding 2000/day")));
            assertThat(node.allows(SOMEBODY)).isTrue();
            proxy.takeRoundTrips();
            for (int i = 0; i < 1000; i++) {
                assertThat(node.allows(SOMEBODY)).isTrue();
            }
            assertThat(proxy.takeRoundTrips())
                    .as("a hundred tokens for each round trip")
                    .isEqualTo(10);
        }
    }

    @Test
    void allNodesTogetherGetExactlyTheLimit() {
        try (RedisConnections redis = LimiterFixture.connect(REDIS.url())) {
            RateLimitRule rule = leased(rule("a", "global", "sliding 200/day"));
            List<LimiterFixture> nodes = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                nodes.add(new LimiterFixture(redis, rule));
                nodes.get(i).limiter.heartbeat();
            }
            int allowed = 0;
            for (int i = 0; i < 400; i++) {
                allowed += nodes.get(i % 4).allows(SOMEBODY) ? 1 : 0;
            }
            assertThat(allowed).isEqualTo(200);
        }
    }

    @Test
    void nodesHoldAtMostATwentiethOfTheCapacity() {
        try (RedisConnections redis = LimiterFixture.connect(REDIS.url())) {
            RateLimitRule rule = leased(rule("a", "global", "sliding 2000/day"));
            List<LimiterFixture> nodes = List.of(new LimiterFixture(redis, rule), new LimiterFixture(redis, rule));
            for (int i = 0; i < 4; i++) {
                nodes.get(i % 2).limiter.heartbeat();
            }
            nodes.forEach(node -> assertThat(node.allows(SOMEBODY)).isTrue());
            assertThat(nodes.stream()
                            .mapToLong(node -> node.limiter.prefetch().outstanding())
                            .sum())
                    .isEqualTo(2 * 49);
        }
    }

    @Test
    void concurrentRequestsOfANodePrefetchOnce() {
        try (RedisConnections redis = LimiterFixture.connect(REDIS.url())) {
            LimiterFixture node = new LimiterFixture(redis, leased(rule("a", "global", "sliding 2000/day")));
            List<Pipeline> pipelines = new ArrayList<>();
            List<RateLimitCheck> underWay = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                pipelines.add(new Pipeline());
                underWay.add(node.limiter.begin(SOMEBODY, pipelines.get(i)));
            }
            pipelines.forEach(redis::send);
            underWay.forEach(check -> assertThat(check.decision()).isInstanceOf(LimitDecision.Allowed.class));
            assertThat(node.limiter.prefetch().outstanding()).isEqualTo(99);
        }
    }

    @Test
    void prefetchedTokensExpireAfterATenthOfThePeriod() {
        try (RedisConnections redis = LimiterFixture.connect(REDIS.url())) {
            LimiterFixture node = new LimiterFixture(redis, leased(rule("a", "global", "sliding 200/30s")));
            assertThat(node.allows(SOMEBODY)).isTrue();
            assertThat(node.limiter.prefetch().outstanding()).isEqualTo(9);
            node.nanos.addAndGet(Duration.ofSeconds(3).toNanos());
            assertThat(node.limiter.prefetch().outstanding()).isZero();
        }
    }

    @Test
    void aRequestThatAnotherRuleRefusesTakesNoToken() {
        try (RedisConnections redis = LimiterFixture.connect(REDIS.url())) {
            LimiterFixture node =
                    new LimiterFixture(redis, rule("b", "ip", "1/day"), leased(rule("a", "global", "200/hour")));
            assertThat(node.allows(SOMEBODY)).isTrue();
            assertThat(node.check(request("203.0.113.8")).decision().statuses())
                    .as("in the order of the rules, wherever they were decided")
                    .extracting(ruleStatus -> ruleStatus.rule().name())
                    .containsExactly("b", "a");
            node.limiter.reset("ip", "203.0.113.8");
            assertThat(node.limiter.prefetch().outstanding()).isEqualTo(8);
            for (int i = 0; i < 20; i++) {
                assertThat(node.allows(SOMEBODY)).isFalse();
            }
            assertThat(node.limiter.prefetch().outstanding()).isEqualTo(8);
        }
    }

    @Test
    void onlySharedCountersAreAlwaysPrefetched() {
        assertThatThrownBy(() -> leased(rule("a", "ip+endpoint", "200/hour")))
                .hasMessage("lease = always only for the levels endpoint and global; auto for others");
    }
}
