package io.gatehouse.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.jobs.JobResult;
import io.gatehouse.jobs.JobState;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.GatehouseUser;
import io.gatehouse.testing.Keys;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Runs jobs as the Redis user of {@code server-config/redis/users.acl}. */
class JobsAclTest {
    private static final Map<String, Integer> NAMES = Map.of("warm", 3);

    @Test
    void theShippedRedisUserMayRunEveryJobOperation() {
        try (TestRedis redis = TestRedis.start()) {
            String url = GatehouseUser.at(redis);
            try (RedisConnections connections =
                    Connections.with(Map.of("REDIS_CACHE_WARMING_URL", url), EnumSet.of(RedisPurpose.CACHE_WARMING))) {
                useEveryOperation(
                        new RedisJobs(connections, Keys.random(), "gatehouse", "shop", "node-1", Duration.ZERO));
            }
        }
    }

    /** Uses a lease that expires at once, so that claims also take over, and ends more runs than are kept, so that some are removed. */
    private static void useEveryOperation(RedisJobs jobs) {
        for (int i = 0; i < 101; i++) {
            assertThat(jobs.cancel(jobs.submit("warm", Map.of("a", "b")))).isTrue();
        }
        String id = jobs.submitOnce("warm", Duration.ofDays(100)).orElseThrow();
        assertThat(jobs.submitOnce("warm", Duration.ofDays(100))).isEmpty();
        jobs.claim(NAMES);
        JobClaim claim = jobs.claim(NAMES).orElseThrow();
        assertThat(jobs.renew(claim, JobProgress.NONE)).isEqualTo(JobClaim.RenewalResult.RENEWED);
        assertThat(jobs.finish(claim, JobState.QUEUED, JobProgress.NONE, null)).isTrue();
        JobClaim last = jobs.claim(NAMES).orElseThrow();
        assertThat(jobs.finish(last, JobState.SUCCEEDED, JobProgress.NONE, JobResult.of("ok")))
                .isTrue();
        assertThat(jobs.find(id).orElseThrow().result()).isEqualTo(JobResult.of("ok"));
        assertThat(jobs.history(200)).hasSize(100);

        jobs.announce(List.of("warm"), Duration.ofMinutes(1));
        assertThat(jobs.names()).containsExactly("warm");
        jobs.checkNames();
        assertThat(jobs.fire("warm", Instant.EPOCH, "* * * * * UTC", false).settled())
                .isTrue();
        JobClaim fired = jobs.claim(NAMES).orElseThrow();
        assertThat(jobs.retry(fired, JobProgress.NONE, Duration.ZERO)).isTrue();
        JobClaim repeated = jobs.claim(NAMES).orElseThrow();
        assertThat(jobs.finish(repeated, JobState.DEAD, JobProgress.NONE, null)).isTrue();
        assertThat(jobs.retry(repeated.id())).isTrue();
        JobClaim again = jobs.claim(NAMES).orElseThrow();
        assertThat(jobs.finish(again, JobState.DEAD, JobProgress.NONE, null)).isTrue();
        assertThat(jobs.history(JobState.DEAD, 10)).hasSize(1);
        assertThat(jobs.discard(again.id())).isTrue();
        jobs.announce(List.of(), Duration.ofMinutes(1));
    }
}
