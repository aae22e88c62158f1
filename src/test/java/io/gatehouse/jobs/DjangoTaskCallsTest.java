package io.gatehouse.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.cache.CacheManager;
import io.gatehouse.testing.App;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The Celery tasks of the Django set-up, one by one, as the application of a user submits them. */
@SuppressWarnings("CanonicalDuration") // as users write it
class DjangoTaskCallsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final TestRedis REDIS = TestRedis.start();
    private static App app;
    private static Jobs jobs;

    @BeforeAll
    static void start() {
        app = App.with(REDIS.url())
                .set("GATEHOUSE_CACHE_ENABLED", "True")
                .set("REDIS_URL", REDIS.url())
                .set("REDIS_CACHE_WARMING_URL", REDIS.url())
                .start();
        jobs = app.gatehouse().jobs();
    }

    @AfterAll
    static void stop() {
        app.close();
        REDIS.close();
    }

    private static JobRun run(String name, Map<String, ?> arguments) {
        JobRun run = jobs.await(jobs.submit(name, arguments), TIMEOUT);
        assertThat(run.state()).as(run.toString()).isEqualTo(JobState.SUCCEEDED);
        assertThat(jobs.history(10)).extracting(JobRun::id).contains(run.id());
        return run;
    }

    /** {@code warm_user_cache.delay(['user1', 'user2'])}. */
    @Test
    void warmUserCache() {
        JobRun run = run("warm-users", Map.of("keys", List.of("user1", "user,2")));
        assertThat(run.arguments()).isEqualTo(Map.of("keys", List.of("user1", "user,2")));
    }

    /** {@code cleanup_expired_sessions.delay()}. */
    @Test
    void cleanUpExpiredSessions() {
        run("clean-up-sessions", Map.of());
    }

    /** {@code invalidate_user_cache.delay('user123')}. */
    @Test
    void invalidateUserCache() {
        CacheManager cacheManager = app.gatehouse().cache();
        cacheManager.put("user:user123", "profile");
        cacheManager.put("user:user124", "profile");
        run("invalidate-user-cache", Map.of("user", "user123"));
        assertThat(cacheManager.get("user:user123")).isEmpty();
        assertThat(cacheManager.get("user:user124")).isPresent();
    }

    /** The schedule of Celery beat. */
    @Test
    void theJobsThatRunByThemselves() {
        assertThat(app.gatehouse().components().settings().jobIntervals())
                .isEqualTo(Map.of(
                        "warm-users", Duration.ofMinutes(30),
                        "warm-oauth", Duration.ofHours(1),
                        "warm-roles", Duration.ofHours(1),
                        "clean-up-sessions", Duration.ofHours(1),
                        "clean-up-rate-limits", Duration.ofHours(2),
                        "warm-all", Duration.ofHours(6)));
    }
}
