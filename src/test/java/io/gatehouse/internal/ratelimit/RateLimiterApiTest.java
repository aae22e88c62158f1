package io.gatehouse.internal.ratelimit;

import static io.gatehouse.internal.ratelimit.LimiterFixture.request;
import static io.gatehouse.internal.ratelimit.LimiterFixture.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.rules.RateLimitRequest;
import io.gatehouse.internal.rules.TestRule;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Tests of the API for applications and administrators. */
@RedisTest
class RateLimiterApiTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static final RedisConnections CONNECTIONS = LimiterFixture.connect(REDIS.url());
    private static final RateLimitRequest ALICE = request("203.0.113.7", "alice");

    @AfterAll
    static void stop() {
        CONNECTIONS.close();
    }

    @Test
    void countersCanBeInspectedWithoutBeingCharged() {
        LimiterFixture node = new LimiterFixture(
                CONNECTIONS,
                rule("a", "ip", "5/hour"),
                TestRule.of("b", "ip+endpoint", "sliding 7/hour").paths("/page").build());
        node.check(ALICE);
        for (int i = 0; i < 3; i++) {
            assertThat(node.limiter.inspect("ip", "203.0.113.7"))
                    .extracting(ruleStatus -> ruleStatus.rule().name(), RuleStatus::remaining)
                    .containsExactly(Tuple.tuple("a", 4L), Tuple.tuple("b", 6L));
        }
        assertThat(node.limiter.inspect("endpoint+ip", "/page", "203.0.113.7")).hasSize(1);
        assertThat(node.limiter.inspect("user", "unknown")).isEmpty();
    }

    @Test
    void aResetCounterAllowsRequestsAgain() {
        LimiterFixture node =
                new LimiterFixture(CONNECTIONS, rule("a", "user", "1/hour"), rule("b", "global", "100/hour"));
        assertThat(node.allows(request("203.0.113.7", "tag of alice"))).isTrue();
        assertThat(node.allows(request("203.0.113.7", "tag of alice"))).isFalse();
        assertThat(node.limiter.reset("user", "bob")).isZero();
        assertThat(node.limiter.reset("user", "alice")).isEqualTo(1);
        assertThat(node.allows(request("203.0.113.7", "tag of alice"))).isTrue();
        assertThat(node.limiter.reset("global")).isEqualTo(1);
    }

    @Test
    void invalidScopesAndKeysAreRejected() {
        LimiterFixture node = new LimiterFixture(CONNECTIONS, rule("a", "user", "1/hour"));
        assertThatThrownBy(() -> node.limiter.reset("everything", "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("ip, network, user");
        assertThatThrownBy(() -> node.limiter.reset("ip"))
                .hasMessage("one key for each part of ip, in that order, not 0");
        assertThatThrownBy(() -> node.limiter.reset("ip+user", "x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void applicationsCanCheckLimitsInCode() {
        LimiterFixture node = new LimiterFixture(
                CONNECTIONS,
                rule("by-ip", "ip", "1/hour"),
                rule("by-user", "user+endpoint", "2/hour"),
                rule("by-name", "global", "1/hour"));
        assertThat(node.limiter.checkIp("203.0.113.7")).isInstanceOf(LimitDecision.Allowed.class);
        assertThat(node.limiter.checkIp("203.0.113.7")).isInstanceOf(LimitDecision.Refused.class);
        assertThat(node.limiter.checkUser("alice", "transfer")).isInstanceOf(LimitDecision.Allowed.class);
        assertThat(node.limiter.checkUser("alice", "transfer")).isInstanceOf(LimitDecision.Allowed.class);
        assertThat(node.limiter.checkUser("alice", "transfer")).isInstanceOf(LimitDecision.Refused.class);
        assertThat(node.limiter.checkUser("alice", "export")).isInstanceOf(LimitDecision.Allowed.class);
        assertThat(node.limiter.check(ALICE, List.of("by-name", "unknown"))).isInstanceOf(LimitDecision.Allowed.class);
        assertThat(node.limiter.check(ALICE, List.of("by-name"))).isInstanceOf(LimitDecision.Refused.class);
    }

    @Test
    void differentValuesNeverShareACounter() {
        LimiterFixture node = new LimiterFixture(
                CONNECTIONS, rule("users", "user", "1/hour"), rule("both", "user+header:x", "1/hour"));
        List<String> odd = List.of(
                "",
                " ",
                ":",
                "a:b",
                "a+b",
                "*",
                "a*",
                "?",
                "[a-z]",
                "'",
                "\"",
                "\\",
                "{x}",
                "}",
                "\u0000",
                "a\u0000",
                "\r\n",
                "\uD83D\uDE00",
                "\uD83D",
                "e\u0301",
                "\u00e9",
                "x".repeat(1_000_000),
                "x".repeat(1_000_001));
        for (String user : odd) {
            for (String header : List.of("", user)) {
                RateLimitRequest request = new RateLimitRequest("GET", "/", null, user, any -> header);
                LimitDecision decision = node.limiter.check(request, List.of("both"));
                assertThat(decision instanceof LimitDecision.Allowed || (header.equals(user) && user.isEmpty()))
                        .as("user of %s characters, header of %s", user.length(), header.length())
                        .isTrue();
            }
        }
        assertThat(REDIS.keys()).allMatch(key -> key.matches("gatehouse:\\{r[A-Za-z0-9_-]{2}\\}[A-Za-z0-9_-]{12}"));
    }
}
