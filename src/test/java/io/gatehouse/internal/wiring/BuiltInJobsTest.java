package io.gatehouse.internal.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.cache.CacheRegion;
import io.gatehouse.jobs.JobResult;
import io.gatehouse.jobs.JobRun;
import io.gatehouse.jobs.JobState;
import io.gatehouse.jobs.Jobs;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The jobs of Gatehouse, on nodes as they are deployed. */
@RedisTest
class BuiltInJobsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final TestRedis redis;

    BuiltInJobsTest(TestRedis redis) {
        this.redis = redis;
    }

    private App.Builder node() {
        return App.with(redis.url())
                .set("REDIS_URL", redis.url())
                .set("REDIS_CACHE_WARMING_URL", redis.url())
                .set("GATEHOUSE_APPLICATION", "shop");
    }

    @Test
    void invalidatesTheCachedDataOfOneUserOnEveryNode() {
        App.Builder builder = node().set("GATEHOUSE_CACHE_ENABLED", "True");
        try (App one = builder.start();
                App other = builder.start()) {
            CacheRegion users = one.gatehouse().cache().region("default");
            users.put("user:user123:profile", "Ann", List.of("user:user123"));
            users.put("user:user1234:profile", "Bob", List.of("user:user1234"));
            CacheRegion copies = other.gatehouse().cache().region("default");
            assertThat(copies.get("user:user123:profile")).contains("Ann");
            Jobs jobs = one.gatehouse().jobs();
            JobRun run = jobs.await(jobs.submit("invalidate-user-cache", Map.of("user", "user123")), TIMEOUT);
            assertThat(run.state()).as(run.message()).isEqualTo(JobState.SUCCEEDED);
            assertThat(run.result()).isNotNull().extracting(JobResult::complete).isEqualTo(true);
            for (CacheRegion region : List.of(users, copies)) {
                Eventually.within(
                        TIMEOUT,
                        () -> assertThat(region.get("user:user123:profile")).isEmpty());
                assertThat(region.get("user:user1234:profile")).contains("Bob");
            }
        }
    }

    @Test
    void invalidatingWithoutAUserFailsWithWhatIsMissing() {
        try (App app = node().set("GATEHOUSE_CACHE_ENABLED", "True").start()) {
            Jobs jobs = app.gatehouse().jobs();
            JobRun run = jobs.await(jobs.submit("invalidate-user-cache", Map.of()), TIMEOUT);
            assertThat(run.state()).isEqualTo(JobState.FAILED);
            assertThat(run.message()).endsWith("The argument user is missing; expected the id of a user");
        }
    }
}
