package io.gatehouse.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.jobs.JobResult;
import io.gatehouse.jobs.JobState;
import io.gatehouse.jobs.Jobs;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The session clean-up of a node whose runner is busy. */
@RedisTest
class SessionCleanupTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final TestRedis redis;

    SessionCleanupTest(TestRedis redis) {
        this.redis = redis;
    }

    private boolean hasSessions() {
        return redis.keys().stream().anyMatch(key -> key.contains(":s:"));
    }

    @Test
    void sessionsAreCleanedUpWhileAJobOfTheApplicationOccupiesTheOnlyNode() {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        App.Builder builder = App.with(redis.url())
                .set("REDIS_CACHE_WARMING_URL", redis.url())
                .set("GATEHOUSE_SESSION_CLEANUP_INTERVAL", "1s")
                .on("/short", (request, response) -> request.getSession().setMaxInactiveInterval(1));
        try (App app = builder.start()) {
            Jobs jobs = app.gatehouse().jobs();
            jobs.register("long", context -> {
                started.countDown();
                enough.await();
                return JobResult.of("done");
            });
            String id = jobs.submit("long", Map.of());
            Eventually.holds("the job runs", TIMEOUT, () -> started.getCount() == 0);
            new Browser().get(app.url("/short"));
            assertThat(hasSessions()).isTrue();
            Eventually.holds("the session is removed", TIMEOUT, () -> {
                app.gatehouse().taskSchedule().tick(TaskSchedule.Driver.THREAD);
                return !hasSessions();
            });
            enough.countDown();
            assertThat(jobs.await(id, TIMEOUT).state()).isEqualTo(JobState.SUCCEEDED);
        } finally {
            enough.countDown();
        }
    }
}
