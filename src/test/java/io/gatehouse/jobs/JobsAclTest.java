package io.gatehouse.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.GatehouseUser;
import io.gatehouse.testing.Keys;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rights in {@code server-config/redis/users.acl} are enough for jobs. */
class JobsAclTest {
    private static final Set<String> NAMES = Set.of("warm");

    @Test
    void theUserWeShipCanDoEverything() {
        try (TestRedis redis = TestRedis.start()) {
            String url = GatehouseUser.at(redis);
            try (RedisConnections connections =
                    Connections.with(Map.of("REDIS_CACHE_WARMING_URL", url), EnumSet.of(Purpose.CACHE_WARMING))) {
                liveThroughEverything(
                        new RedisJobs(connections, Keys.random(), "gatehouse", "shop", "node-1", Duration.ZERO));
            }
        }
    }

    /** The lease is over at once, so that claiming also takes over; a hundred ends and more, so that some are removed. */
    private static void liveThroughEverything(RedisJobs jobs) {
        for (int i = 0; i < 101; i++) {
            assertThat(jobs.cancel(jobs.submit("warm", Map.of("a", "b")))).isTrue();
        }
        String id = jobs.submitOnce("warm", Duration.ofDays(100)).orElseThrow();
        assertThat(jobs.submitOnce("warm", Duration.ofDays(100))).isEmpty();
        jobs.claim(NAMES);
        Claim claim = jobs.claim(NAMES).orElseThrow();
        assertThat(jobs.renew(claim, Progress.NONE)).isEqualTo(Claim.Standing.RENEWED);
        assertThat(jobs.finish(claim, JobState.QUEUED, Progress.NONE, null)).isTrue();
        Claim last = jobs.claim(NAMES).orElseThrow();
        assertThat(jobs.finish(last, JobState.SUCCEEDED, Progress.NONE, JobResult.of("ok")))
                .isTrue();
        assertThat(jobs.find(id).orElseThrow().result()).isEqualTo(JobResult.of("ok"));
        assertThat(jobs.history(200)).hasSize(100);
    }
}
