package io.gatehouse.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rate limiter as an application calls it, with the built-in rules. */
@RedisTest
class RateLimiterTest {
    private static App app;
    private static RateLimiter rateLimiter;

    @BeforeAll
    static void start() {
        app = App.with(TestRedis.shared().url())
                .set("GATEHOUSE_RATE_LIMITS", "built-in")
                .set("GATEHOUSE_REDIS_DEADLINE", "10s")
                .start();
        rateLimiter = app.gatehouse().rateLimiter();
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @Test
    void theBuiltInRulesLimitAnAddress() {
        assertThat(rateLimiter.checkIp("192.168.1.100").isAllowed()).isTrue();
        assertThat(rateLimiter.checkIp("192.168.1.100").isUnlimited()).isFalse();
        assertThat(rateLimiter.checkIp("192.168.1.100").remaining().orElseThrow())
                .isBetween(5_000L, 6_000L);
    }

    @Test
    void theBuiltInRulesLimitTheLoginsOfAUser() {
        assertThat(allowedOf(15, "user123", "login")).isEqualTo(10);
        Decision refused = rateLimiter.checkUser("user123", "login");
        assertThat(refused.isAllowed()).isFalse();
        assertThat(refused.retryAfter()).isPositive();
        assertThat(refused.remaining()).hasValue(0);
        assertThat(rateLimiter.checkUser("user456", "login").isAllowed()).isTrue();
    }

    @Test
    void theBuiltInRulesLimitEveryOtherActionOfAUser() {
        assertThat(allowedOf(70, "user123", "export")).isEqualTo(60);
    }

    private static long allowedOf(int calls, String user, String endpoint) {
        return IntStream.range(0, calls)
                .filter(i -> rateLimiter.checkUser(user, endpoint).isAllowed())
                .count();
    }
}
