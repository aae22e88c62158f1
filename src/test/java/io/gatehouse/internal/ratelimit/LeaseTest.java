package io.gatehouse.internal.ratelimit;

import static io.gatehouse.internal.ratelimit.LimiterFixture.costing;
import static io.gatehouse.internal.ratelimit.LimiterFixture.countingFailures;
import static io.gatehouse.internal.ratelimit.LimiterFixture.request;
import static io.gatehouse.internal.ratelimit.LimiterFixture.rule;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.rules.RateLimitRequest;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Tests of {@code lease = auto}, the default. */
@RedisTest
class LeaseTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static final RateLimitRequest CLIENT = request("203.0.113.7");
    private static final int THREADS = 64;

    @Test
    void aBusyClientOfALargeLimitNeedsFewRoundTrips() {
        try (CountingProxy proxy = new CountingProxy(REDIS.port());
                RedisConnections redis = LimiterFixture.connect(proxy.url())) {
            LimiterFixture node =
                    node(redis, rule("a", "ip", "sliding 20000/day"), rule("b", "global", "sliding 30000/day"));
            for (int i = 0; i < 5000; i++) {
                assertThat(node.allows(CLIENT)).isTrue();
            }
            proxy.takeRoundTrips();
            for (int i = 0; i < 4000; i++) {
                assertThat(node.allows(CLIENT)).isTrue();
            }
            assertThat(proxy.takeRoundTrips()).as("4000 requests, two limits").isBetween(4, 20);
        }
    }

    @Test
    void noMoreThanTheLimitAndNotMuchLessIsAdmittedByManyThreadsOnTwoNodes() throws Exception {
        try (RedisConnections redis = LimiterFixture.connect(REDIS.url())) {
            RateLimitRule rule = rule("a", "ip", "sliding 4000/day");
            List<LimiterFixture> nodes = List.of(node(redis, rule), node(redis, rule));
            nodes.forEach(node -> node.limiter.heartbeat());
            long bound = nodes.get(0).limiter.prefetch().bound(rule);
            assertThat(bound).as("a twentieth").isEqualTo(200);
            ExecutorService threads = Executors.newFixedThreadPool(THREADS);
            try {
                List<Callable<Integer>> tasks = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    LimiterFixture node = nodes.get(i % 2);
                    tasks.add(() -> {
                        int allowed = 0;
                        while (node.allows(CLIENT)) {
                            allowed++;
                        }
                        return allowed;
                    });
                }
                int allowed = 0;
                for (Future<Integer> task : threads.invokeAll(tasks)) {
                    allowed += task.get();
                }
                assertThat(allowed).isBetween((int) ((4000 - bound) * 9 / 10), (int) (4000 + bound));
            } finally {
                threads.shutdown();
            }
        }
    }

    @Test
    void aSlowClientGetsItsWholeLimit() {
        try (RedisConnections redis = LimiterFixture.connect(REDIS.url())) {
            LimiterFixture node = node(redis, rule("a", "ip", "sliding 400/day"));
            int allowed = 0;
            for (int i = 0; i < 500; i++) {
                allowed += node.allows(CLIENT) ? 1 : 0;
                node.nanos.addAndGet(Duration.ofMinutes(1).toNanos());
            }
            assertThat(allowed).isEqualTo(400);
            assertThat(node.limiter.prefetch().lost()).isZero();
        }
    }

    @Test
    void aClientThatComesInBurstsLosesAtMostATenth() {
        try (RedisConnections redis = LimiterFixture.connect(REDIS.url())) {
            LimiterFixture node = node(redis, rule("a", "ip", "sliding 2000/day"));
            int allowed = 0;
            for (int i = 0; i < 2500; i++) {
                allowed += node.allows(CLIENT) ? 1 : 0;
                if (i % 37 == 0) {
                    node.nanos.addAndGet(Duration.ofMinutes(1).toNanos());
                }
            }
            assertThat(node.limiter.prefetch().lost()).isBetween(1L, 200L);
            assertThat(allowed).isBetween(1800, 2000);
        }
    }

    @Test
    void theRemainingTokensOfAClientCountDownByOne() {
        try (RedisConnections redis = LimiterFixture.connect(REDIS.url())) {
            LimiterFixture node = node(redis, rule("a", "ip", "sliding 1000/day"));
            for (int left = 999; left >= 500; left--) {
                RuleStatus status = node.check(CLIENT).decision().statuses().get(0);
                assertThat(status.remaining()).isEqualTo(left);
                assertThat(status.reset()).isPositive();
            }
        }
    }

    @Test
    void smallLimitsAndFailuresStayExact() {
        RateLimitRule large = rule("a", "user", "200/hour");
        assertThat(large.prefetchShare(1)).isEqualTo(10);
        assertThat(large.prefetchShare(2)).as("too small for two nodes").isZero();
        assertThat(large.prefetchShare(0)).as("nodes not counted yet").isZero();
        assertThat(rule("a", "user", "199/hour").prefetchShare(1)).isZero();
        assertThat(costing(large, 2).prefetchShare(1)).isZero();
        assertThat(countingFailures(rule("a", "ip", "100000/hour")).prefetchShare(1))
                .isZero();
    }

    @Test
    void nothingIsTakenInAdvanceBeforeTheNodesAreCounted() {
        try (RedisConnections redis = LimiterFixture.connect(REDIS.url())) {
            LimiterFixture node = new LimiterFixture(redis, rule("a", "ip", "sliding 2000/day"));
            for (int i = 0; i < 300; i++) {
                assertThat(node.allows(CLIENT)).isTrue();
            }
            assertThat(node.limiter.prefetch().outstanding()).isZero();
        }
    }

    private static LimiterFixture node(RedisConnections redis, RateLimitRule... rules) {
        LimiterFixture node = new LimiterFixture(redis, rules);
        node.limiter.heartbeat();
        return node;
    }
}
