package io.gatehouse.internal.clientaddress;

import static io.gatehouse.internal.ratelimit.LimiterFixture.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.login.DefaultLoginGuard;
import io.gatehouse.internal.login.LoginNode;
import io.gatehouse.internal.ratelimit.DefaultRateLimiter;
import io.gatehouse.internal.ratelimit.LimiterFixture;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.login.LoginDecision;
import io.gatehouse.login.LoginGuard;
import io.gatehouse.login.LoginListener;
import io.gatehouse.ratelimit.CounterStatus;
import io.gatehouse.ratelimit.Decision;
import io.gatehouse.ratelimit.RateLimiter;
import io.gatehouse.ratelimit.RuleStatistics;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rate limiter and the login guard as applications see them. */
class LimitsAndLoginsApiTest {
    private static final TestRedis REDIS = TestRedis.start();
    private static final RedisConnections CONNECTIONS = LimiterFixture.connect(REDIS.url());
    private static final ClientAddressResolver ADDRESSES =
            new ClientAddressResolver(ClientAddressSettings.from(new Config(List.of())));

    @AfterAll
    static void stop() {
        CONNECTIONS.close();
        REDIS.close();
    }

    @BeforeEach
    void empty() {
        REDIS.flush();
    }

    @Test
    void aDecisionCarriesTheStatusOfEachRule() {
        RateLimiter limiter = new DefaultRateLimiter(
                new LimiterFixture(CONNECTIONS, rule("by-ip", "ip", "2/hour")).limiter, account -> {});
        Decision first = limiter.checkIp("192.168.1.100");
        assertThat(first.isAllowed()).isTrue();
        assertThat(first.retryAfter()).isZero();
        assertThat(first.counters()).singleElement().satisfies(counter -> {
            assertThat(counter.rule()).isEqualTo("by-ip");
            assertThat(counter.capacity()).isEqualTo(2);
            assertThat(counter.remaining()).isEqualTo(1);
            assertThat(counter.isEnforced()).isTrue();
            assertThat(counter.isExceeded()).isFalse();
        });
        assertThat(limiter.checkIp("192.168.1.100").isAllowed()).isTrue();
        Decision third = limiter.checkIp("192.168.1.100");
        assertThat(third.isAllowed()).isFalse();
        assertThat(third).isInstanceOf(Decision.Refused.class);
        assertThat(third.retryAfter()).isBetween(Duration.ofMinutes(1), Duration.ofHours(1));
        assertThat(third.counters()).singleElement().matches(CounterStatus::isExceeded);
        assertThat(limiter.inspect("ip", "192.168.1.100")).hasSize(1);
        assertThat(limiter.statistics())
                .extracting(RuleStatistics::allowed, RuleStatistics::refused)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(2L, 1L));
        assertThat(limiter.reset("ip", "192.168.1.100")).isEqualTo(1);
        assertThat(limiter.checkIp("192.168.1.100").isAllowed()).isTrue();
    }

    @Test
    void aUserIsLimitedForANamedEndpoint() {
        RateLimiter limiter = new DefaultRateLimiter(
                new LimiterFixture(CONNECTIONS, rule("by-user", "user+endpoint", "1/hour")).limiter, account -> {});
        assertThat(limiter.checkUser("user123", "login").isAllowed()).isTrue();
        assertThat(limiter.checkUser("user123", "login").isAllowed()).isFalse();
        assertThat(limiter.checkUser("user123", "export").isAllowed()).isTrue();
    }

    @Test
    void anAttemptIsStartedWithAnAddressAsText() {
        LoginGuard guard = new DefaultLoginGuard(new LoginNode(CONNECTIONS).guard, ADDRESSES);
        List<String> locked = new ArrayList<>();
        guard.addListener(new LoginListener() {
            @Override
            public void lockedOut(String account, LoginDecision.Denied refusal) {
                locked.add(refusal.reason().label());
            }
        });
        LoginDecision entry = guard.begin("alice", "203.0.113.7", null);
        while (entry instanceof LoginDecision.Allowed allowed) {
            allowed.attempt().failed();
            entry = guard.begin("alice", "203.0.113.7", null);
        }
        assertThat(locked).containsExactly("locked");
        assertThat(guard.inspect("alice").lockedFor()).isPositive();
        assertThat(guard.reset("alice")).isPositive();
        assertThat(guard.begin("alice", null, null)).isInstanceOf(LoginDecision.Allowed.class);
        assertThatThrownBy(() -> guard.begin("alice", "nowhere", null)).isInstanceOf(IllegalArgumentException.class);
    }
}
