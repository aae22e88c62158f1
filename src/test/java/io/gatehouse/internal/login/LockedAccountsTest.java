package io.gatehouse.internal.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.login.AccountLockedEvent;
import io.gatehouse.login.LoginDecision;
import io.gatehouse.ratelimit.BlockedClient;
import io.gatehouse.ratelimit.RateLimiter;
import io.gatehouse.testing.App;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Locked accounts are listed among the blocked clients, and released there. */
@RedisTest
class LockedAccountsTest {

    private static void lock(LoginEngine guard) {
        while (guard.begin("alice", null, null) instanceof LoginDecision.Allowed allowed) {
            allowed.attempt().failed();
        }
    }

    @Test
    void aLockedAccountIsListedWithoutItsNameUntilItIsReleasedOrReset() {
        try (App app = App.with(TestRedis.shared().url())
                .set("GATEHOUSE_REDIS_DEADLINE", "10s")
                .start()) {
            RateLimiter limiter = app.gatehouse().rateLimiter();
            LoginEngine guard = app.gatehouse().components().guard();
            List<Object> events = new ArrayList<>();
            app.gatehouse().components().limiter().blocked().events().open(events::add, Runnable::run);
            lock(guard);
            assertThat(events).singleElement().isInstanceOfSatisfying(AccountLockedEvent.class, event -> {
                assertThat(event.lockedFor()).isPositive();
                assertThat(event.toString()).doesNotContain("alice");
            });
            List<BlockedClient> blocked = limiter.blocked(10);
            assertThat(blocked).singleElement().satisfies(client -> {
                assertThat(client.scope()).isEqualTo("account");
                assertThat(client.rule()).isEqualTo("account");
                assertThat(client.key()).isEqualTo("***");
                assertThat(client.toString()).doesNotContain("alice");
            });
            assertThat(limiter.release(blocked.get(0).counter())).isTrue();
            assertThat(guard.inspect("alice").failures()).isZero();
            assertThat(limiter.blocked(10)).isEmpty();
            lock(guard);
            assertThat(limiter.blocked(10)).hasSize(1);
            app.gatehouse().loginGuard().reset("alice");
            assertThat(limiter.blocked(10)).isEmpty();
        }
    }
}
