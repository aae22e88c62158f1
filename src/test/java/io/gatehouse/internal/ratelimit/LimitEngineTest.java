package io.gatehouse.internal.ratelimit;

import static io.gatehouse.internal.ratelimit.LimiterFixture.costing;
import static io.gatehouse.internal.ratelimit.LimiterFixture.countingFailures;
import static io.gatehouse.internal.ratelimit.LimiterFixture.request;
import static io.gatehouse.internal.ratelimit.LimiterFixture.rule;
import static io.gatehouse.internal.ratelimit.LimiterFixture.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.rules.RateLimitRequest;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.ratelimit.RuleStatistics;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** Tests of rules that are decided together. */
@RedisTest
class LimitEngineTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static final RedisConnections CONNECTIONS = LimiterFixture.connect(REDIS.url());
    private static final RateLimitRequest ALICE = request("203.0.113.7", "alice");

    @AfterAll
    static void stop() {
        CONNECTIONS.close();
    }

    @Test
    void allowsExactlyTheLimit() {
        for (String limit : List.of("5/hour", "sliding 5/hour", "3600/hour burst 5")) {
            LimiterFixture node = new LimiterFixture(CONNECTIONS, rule("five" + limit.length(), "ip", limit));
            for (int i = 4; i >= 0; i--) {
                LimitDecision decision = node.check(ALICE).decision();
                assertThat(decision).isInstanceOf(LimitDecision.Allowed.class);
                assertThat(decision.statuses().get(0).remaining()).isEqualTo(i);
            }
            LimitDecision refused = node.check(ALICE).decision();
            assertThat(refused).isInstanceOf(LimitDecision.Refused.class);
            assertThat(((LimitDecision.Refused) refused).retryAfter()).isPositive();
            assertThat(node.allows(request("203.0.113.8")))
                    .as("another address")
                    .isTrue();
        }
    }

    @Test
    void neverAllowsMoreThanTheLimitUnderConcurrencyOnTwoNodes() throws Exception {
        RateLimitRule limit = rule("hundred", "global", "sliding 100/day");
        try (RedisConnections other = LimiterFixture.connect(REDIS.url())) {
            List<LimiterFixture> nodes =
                    List.of(new LimiterFixture(CONNECTIONS, limit), new LimiterFixture(other, limit));
            ExecutorService threads = Executors.newFixedThreadPool(64);
            try {
                List<Future<Integer>> counts = new ArrayList<>();
                for (int i = 0; i < 64; i++) {
                    LimiterFixture node = nodes.get(i % 2);
                    counts.add(threads.submit(() -> {
                        int allowed = 0;
                        for (int n = 0; n < 20; n++) {
                            allowed += node.allows(ALICE) ? 1 : 0;
                        }
                        return allowed;
                    }));
                }
                int sum = 0;
                for (Future<Integer> count : counts) {
                    sum += count.get();
                }
                assertThat(sum).isEqualTo(100);
            } finally {
                threads.shutdownNow();
            }
        }
    }

    @Test
    void aRefusedRequestChangesNoCounter() {
        LimiterFixture node = new LimiterFixture(
                CONNECTIONS,
                rule("wide", "ip", "100/hour"),
                rule("narrow", "user", "1/hour"),
                rule("window", "global", "sliding 100/hour"));
        assertThat(node.allows(ALICE)).isTrue();
        Map<String, String> before = counters();
        assertThat(before).hasSize(3);
        LimiterFixture fresh =
                new LimiterFixture(CONNECTIONS, node.limiter.rules().rules().toArray(RateLimitRule[]::new));
        for (int i = 0; i < 10; i++) {
            assertThat(fresh.allows(ALICE)).isFalse();
        }
        assertThat(counters()).isEqualTo(before);
    }

    private static Map<String, String> counters() {
        try (RedisClient client = REDIS.client()) {
            Map<String, String> counters = new HashMap<>();
            REDIS.keys().forEach(key -> counters.put(key, client.get(key)));
            return counters;
        }
    }

    @Test
    void aDecisionHasTheStatusOfEveryRule() {
        LimiterFixture node = new LimiterFixture(
                CONNECTIONS, rule("wide", "ip", "100/hour"), rule("one", "user", "1/hour"), rule("two", "ip", "1/day"));
        assertThat(node.check(ALICE).decision().statuses())
                .extracting(ruleStatus -> ruleStatus.rule().name(), RuleStatus::remaining, RuleStatus::violated)
                .containsExactly(tuple("wide", 99L), tuple("one", 0L), tuple("two", 0L));
        LimitDecision.Refused refused =
                (LimitDecision.Refused) node.check(ALICE).decision();
        assertThat(refused.statuses())
                .extracting(ruleStatus -> ruleStatus.rule().name(), RuleStatus::remaining, RuleStatus::violated)
                .contains(Tuple.tuple("one", 0L, true))
                .contains(Tuple.tuple("two", 0L, true));
        assertThat(refused.retryAfter()).isBetween(Duration.ofHours(23), Duration.ofDays(1));
    }

    private static Tuple tuple(String rule, long remaining) {
        return Tuple.tuple(rule, remaining, false);
    }

    @Test
    void anyNumberOfRulesIsOneRoundTripAndARepeatedRefusalIsNone() {
        try (CountingProxy proxy = new CountingProxy(REDIS.port());
                RedisConnections redis = LimiterFixture.connect(proxy.url())) {
            LimiterFixture node = new LimiterFixture(
                    redis,
                    rule("a", "ip", "1/hour"),
                    rule("b", "user", "100/hour"),
                    rule("c", "endpoint", "sliding 100/hour"),
                    rule("d", "global", "1000/hour"));
            assertThat(node.allows(request("198.51.100.1"))).isTrue();
            proxy.takeRoundTrips();
            assertThat(node.allows(ALICE)).isTrue();
            assertThat(proxy.takeRoundTrips()).isEqualTo(1);
            assertThat(node.allows(ALICE)).isFalse();
            assertThat(proxy.takeRoundTrips()).isEqualTo(1);
            for (int i = 0; i < 100; i++) {
                assertThat(node.allows(ALICE)).isFalse();
            }
            assertThat(proxy.takeRoundTrips()).isZero();
            node.nanos.addAndGet(RefusalCache.LONGEST.toNanos());
            assertThat(node.allows(ALICE)).isFalse();
            assertThat(proxy.takeRoundTrips())
                    .as("after ten seconds Redis decides again")
                    .isEqualTo(1);
        }
    }

    @Test
    void aRuleIgnoresRequestsWithoutItsAttribute() {
        LimiterFixture node =
                new LimiterFixture(CONNECTIONS, rule("users", "user", "1/hour"), rule("key", "api-key", "1/hour"));
        for (int i = 0; i < 5; i++) {
            assertThat(node.check(request("203.0.113.7")).decision().statuses()).isEmpty();
        }
        assertThat(REDIS.keys()).isEmpty();
    }

    @Test
    void aDryRunRefusesNothingAndIsCounted() {
        LimiterFixture node = new LimiterFixture(
                CONNECTIONS,
                with(rule("trial", "ip", "1/hour"), RateLimitRule.Mode.DRY_RUN),
                rule("real", "ip", "100/hour"));
        for (int i = 0; i < 4; i++) {
            assertThat(node.allows(ALICE)).isTrue();
        }
        assertThat(node.limiter.statistics())
                .containsExactly(new RuleStatistics("trial", 1, 0, 3, 0, 0), new RuleStatistics("real", 4, 0, 0, 0, 0));
    }

    @Test
    void aRequestTakesAsManyTokensAsItCosts() {
        LimiterFixture node = new LimiterFixture(CONNECTIONS, costing(rule("dear", "ip", "10/hour"), 4));
        assertThat(node.allows(ALICE)).isTrue();
        assertThat(node.allows(ALICE)).isTrue();
        assertThat(node.allows(ALICE)).isFalse();
        assertThatThrownBy(() -> costing(rule("dear", "ip", "10/hour"), 0))
                .hasMessage("a cost from 1 to 10, the capacity of the limit");
        assertThatThrownBy(() -> costing(rule("dear", "ip", "10/hour"), 11))
                .hasMessage("a cost from 1 to 10, the capacity of the limit");
    }

    @Test
    void onlyFailuresCountIfTheRuleCountsFailures() {
        LimiterFixture node = new LimiterFixture(CONNECTIONS, countingFailures(rule("login", "ip", "sliding 3/hour")));
        for (int i = 0; i < 10; i++) {
            RateLimitCheck success = node.check(ALICE);
            assertThat(success.decision()).isInstanceOf(LimitDecision.Allowed.class);
            success.complete(200);
        }
        for (int i = 0; i < 3; i++) {
            RateLimitCheck failure = node.check(ALICE);
            assertThat(failure.decision()).isInstanceOf(LimitDecision.Allowed.class);
            failure.complete(401);
        }
        assertThat(node.allows(ALICE)).isFalse();
    }

    @Test
    void attemptsInProgressCountUntilTheirOutcomeIsKnown() {
        LimiterFixture node = new LimiterFixture(CONNECTIONS, countingFailures(rule("login", "ip", "3/hour")));
        List<RateLimitCheck> underWay = List.of(node.check(ALICE), node.check(ALICE), node.check(ALICE));
        assertThat(node.allows(ALICE)).isFalse();
        underWay.forEach(check -> check.complete(200));
        assertThat(node.allows(ALICE)).as("not refused from the cache").isTrue();
    }

    @Test
    void aSecondCompletionRefundsNothing() {
        LimiterFixture node = new LimiterFixture(CONNECTIONS, countingFailures(rule("login", "ip", "sliding 3/hour")));
        RateLimitCheck first = node.check(ALICE);
        RateLimitCheck second = node.check(ALICE);
        second.complete(401);
        first.complete(200);
        first.complete(200);
        assertThat(node.limiter.inspect("ip", "203.0.113.7").get(0).remaining()).isEqualTo(2);
    }

    @Test
    void aChangedLimitStartsNewCountersAndAChangedModeDoesNot() {
        RateLimitRule one = rule("r", "ip", "1/hour");
        LimiterFixture node = new LimiterFixture(CONNECTIONS, one);
        assertThat(node.allows(ALICE)).isTrue();
        assertThat(node.allows(ALICE)).isFalse();
        node.rules(with(one, RateLimitRule.Mode.DRY_RUN));
        assertThat(node.allows(ALICE)).isTrue();
        node.rules(one);
        assertThat(node.allows(ALICE)).isFalse();
        node.rules(rule("r", "ip", "2/hour"));
        assertThat(node.allows(ALICE)).isTrue();
    }

    @Test
    void everyCounterHasATimeToLive() {
        LimiterFixture node = new LimiterFixture(
                CONNECTIONS, rule("a", "ip", "5/hour"), countingFailures(rule("b", "ip", "sliding 5/min")));
        node.check(ALICE);
        node.check(ALICE).complete(200);
        node.limiter.heartbeat();
        try (RedisClient client = REDIS.client()) {
            assertThat(REDIS.keys())
                    .as("three of the heartbeat, two of the rule that counts failures, of which one is in progress")
                    .hasSize(6)
                    .allSatisfy(key -> assertThat(client.pttl(key))
                            .as(key)
                            .isBetween(
                                    1L,
                                    Duration.ofHours(key.endsWith("{applications}") ? 7 * 24 : 1)
                                            .toMillis()));
        }
    }
}
