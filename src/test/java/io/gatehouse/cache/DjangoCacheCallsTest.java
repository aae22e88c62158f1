package io.gatehouse.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.TestRedis;
import io.gatehouse.warmup.WarmupReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The calls of a Django cache, one by one, as the application of a user makes them after its start. */
@SuppressWarnings("CanonicalDuration") // as users write it
class DjangoCacheCallsTest {
    private static final TestRedis REDIS = TestRedis.start();
    private static App app;
    private static CacheManager cacheManager;

    @BeforeAll
    static void start() {
        app = App.with(REDIS.url())
                .set("GATEHOUSE_CACHE_ENABLED", "True")
                .set("REDIS_URL", REDIS.url())
                .set("REDIS_CACHE_WARMING_URL", REDIS.url())
                .start();
        cacheManager = app.gatehouse().cache();
    }

    @AfterAll
    static void stop() {
        app.close();
        REDIS.close();
    }

    /** {@code cache_manager.get_or_set('key', loader, timeout=300)}. */
    @Test
    void getOrSetKeepsTheValueForThreeHundredSeconds() {
        AtomicInteger loads = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            String value =
                    cacheManager.getOrSet("key", () -> "value " + loads.incrementAndGet(), Duration.ofSeconds(300));
            assertThat(value).isEqualTo("value 1");
        }
        assertThat(cacheManager.ttl("key").orElseThrow()).isBetween(Duration.ofSeconds(280), Duration.ofSeconds(300));
    }

    /** {@code cache_manager.warmer.warm_user_data(['user1', 'user2'])} and {@code .warm_oauth_providers()}. */
    @Test
    void theManagerHasTheWarmerOfTheApplication() {
        assertThat(cacheManager.warmer()).isSameAs(app.gatehouse().warmer());
        WarmupReport users = cacheManager.warmer().warmUserData(List.of("user1", "user2"));
        assertThat(users.scope()).isEqualTo("user");
        assertThat(users.complete()).isTrue();
        assertThat(cacheManager.warmer().warmOauthProviders().scope()).isEqualTo("oauth");
    }

    /** {@code cache_manager.invalidator.invalidate_user_cache('user123')} and {@code .invalidate_by_pattern('oauth:*')}. */
    @Test
    void theManagerHasTheInvalidator() {
        cacheManager.put("user:user123", "profile");
        cacheManager.region("roles").put("user123", "admin", List.of("user:user123"));
        cacheManager.put("user:user124", "profile");
        cacheManager.put("oauth:google", "keys");
        cacheManager.invalidator().invalidateUserCache("user123");
        assertThat(cacheManager.get("user:user123")).isEmpty();
        assertThat(cacheManager.get("roles:user123")).isEmpty();
        assertThat(cacheManager.get("user:user124")).isPresent();
        assertThat(cacheManager.get("oauth:google")).isPresent();
        cacheManager.invalidator().invalidateByPattern("oauth:*");
        assertThat(cacheManager.get("oauth:google")).isEmpty();
    }

    /** {@code set}, {@code get}, {@code add}, {@code touch}, {@code incr}, {@code get_many}, {@code set_many}, {@code delete}. */
    @Test
    void theOtherCallsOfADjangoCache() {
        cacheManager.put("a", "A", Duration.ofSeconds(60));
        assertThat(cacheManager.<String>get("a")).contains("A");
        assertThat(cacheManager.add("a", "B", Duration.ofSeconds(60))).isFalse();
        assertThat(cacheManager.touch("a", Duration.ofSeconds(600))).isTrue();
        assertThat(cacheManager.ttl("a").orElseThrow()).isGreaterThan(Duration.ofSeconds(500));
        cacheManager.setMany(Map.of("b", "B", "c", "C"), Duration.ofSeconds(60));
        assertThat(cacheManager.<String>getMany(List.of("a", "b", "c", "d")))
                .isEqualTo(Map.of("a", "A", "b", "B", "c", "C"));
        assertThat(cacheManager.increment("n", 2)).isEqualTo(2);
        assertThat(cacheManager.increment("n", -1)).isEqualTo(1);
        assertThat(cacheManager.remove("a")).isTrue();
        assertThat(cacheManager.get("a")).isEmpty();
    }
}
