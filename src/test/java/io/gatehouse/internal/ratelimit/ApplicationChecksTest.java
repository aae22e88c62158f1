package io.gatehouse.internal.ratelimit;

import static io.gatehouse.internal.ratelimit.LimiterFixture.rule;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.internal.rules.TestRule;
import io.gatehouse.ratelimit.Decision;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Tests of checks by named endpoints, and of checks that meet no rule. */
@RedisTest
class ApplicationChecksTest {
    private static final RedisConnections CONNECTIONS =
            LimiterFixture.connect(TestRedis.shared().url());
    private static final RateLimitRule TRANSFERS = TestRule.of("transfers", "user+endpoint", "2/hour")
            .endpoints("transfer", "refund")
            .build();

    @AfterAll
    static void stop() {
        CONNECTIONS.close();
    }

    @Test
    void aNamedEndpointIsLimitedForEachUserAndName() {
        LimiterFixture node = new LimiterFixture(CONNECTIONS, TRANSFERS);
        DefaultRateLimiter limiter = new DefaultRateLimiter(node.limiter, account -> {});
        assertThat(limiter.checkUser("alice", "transfer").remaining()).hasValue(1);
        assertThat(limiter.checkUser("alice", "transfer").remaining()).hasValue(0);
        Decision third = limiter.checkUser("alice", "transfer");
        assertThat(third.isAllowed()).isFalse();
        assertThat(third.isUnlimited()).isFalse();
        assertThat(third.retryAfter()).isPositive();
        assertThat(limiter.checkUser("alice", "refund").isAllowed()).isTrue();
        assertThat(limiter.checkUser("bob", "transfer").isAllowed()).isTrue();
        assertThat(limiter.inspect("user", "alice")).hasSize(2);
        assertThat(limiter.reset("user", "alice")).isEqualTo(2);
        assertThat(limiter.checkUser("alice", "transfer").isAllowed()).isTrue();
        assertThat(node.allows(LimiterFixture.request("203.0.113.7", "tag of alice")))
                .isTrue();
    }

    @Test
    void theEndpointStarLimitsEveryNameButNoPath() {
        DefaultRateLimiter limiter = new DefaultRateLimiter(
                new LimiterFixture(
                                CONNECTIONS,
                                TestRule.of("actions", "user+endpoint", "1/hour")
                                        .endpoints("*")
                                        .build())
                        .limiter,
                account -> {});
        assertThat(limiter.checkUser("alice", "a").isAllowed()).isTrue();
        assertThat(limiter.checkUser("alice", "a").isAllowed()).isFalse();
        assertThat(limiter.checkUser("alice", "b").isAllowed()).isTrue();
        assertThat(limiter.checkUser("alice", "/b").isUnlimited()).isTrue();
        assertThat(limiter.reset("user+endpoint", "alice", "a")).isEqualTo(1);
    }

    @Test
    void aCheckThatMeetsNoRuleSaysSoAndIsLoggedOnceForEachNameUpToABound() {
        DefaultRateLimiter limiter =
                new DefaultRateLimiter(new LimiterFixture(CONNECTIONS, TRANSFERS).limiter, account -> {});
        try (LogCapture log = new LogCapture(ApplicationChecks.class.getName())) {
            for (int i = 0; i < 3; i++) {
                Decision decision = limiter.checkUser("alice", "exp\r\nort");
                assertThat(decision.isAllowed()).isTrue();
                assertThat(decision.isUnlimited()).isTrue();
                assertThat(decision.remaining()).isEmpty();
            }
            assertThat(log.lines())
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains("'exp??ort'").doesNotContain("alice", "\r", "\n"));
            assertThat(limiter.checkIp("203.0.113.7").isUnlimited()).isTrue();
            assertThat(limiter.checkIp("203.0.113.8").isUnlimited()).isTrue();
            assertThat(log.lines()).hasSize(2);
            for (int i = 0; i < 2 * ApplicationChecks.MOST_WARNINGS; i++) {
                assertThat(limiter.checkUser("alice", "name" + i).isUnlimited()).isTrue();
            }
            assertThat(log.lines()).hasSize(ApplicationChecks.MOST_WARNINGS);
        }
    }

    @Test
    void addressesOnTheListsAreDeniedOrUnlimited() {
        LimiterFixture node = new LimiterFixture(CONNECTIONS, rule("ip", "ip", "1/hour"));
        node.lists(List.of("192.0.2.0/24"), List.of("198.51.100.7"));
        assertThat(node.limiter.checkIp("198.51.100.7")).isInstanceOf(LimitDecision.Denied.class);
        for (int i = 0; i < 3; i++) {
            assertThat(node.limiter.checkIp("192.0.2.9").toDecision().isUnlimited())
                    .isTrue();
        }
    }
}
