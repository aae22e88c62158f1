package io.gatehouse.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.RedisPurpose;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.jobs.JobHandler;
import io.gatehouse.jobs.JobResult;
import io.gatehouse.jobs.JobState;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.Keys;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.TestRedis;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Jobs while Redis is unavailable. */
class JobsOutageTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @Test
    void aRunnerContinuesWhenRedisIsAvailableAgain() throws IOException {
        try (TestRedis redis = TestRedis.start("--appendonly", "yes", "--appendfsync", "always");
                RedisConnections connections = Connections.with(
                        Map.of("REDIS_CACHE_WARMING_URL", redis.url()), EnumSet.of(RedisPurpose.CACHE_WARMING));
                LogCapture log = new LogCapture("io.gatehouse.internal.jobs")) {
            RedisJobs jobs =
                    new RedisJobs(connections, Keys.random(), "gatehouse", "shop", "node-1", Duration.ofMinutes(1));
            CountDownLatch started = new CountDownLatch(1);
            CountDownLatch enough = new CountDownLatch(1);
            JobHandler handler = context -> {
                started.countDown();
                enough.await();
                return JobResult.of("ok");
            };
            jobs.register("warm", handler);
            try (JobRunner runner = new JobRunner(jobs, Runnable::run, Duration.ofMillis(20))) {
                runner.start();
                String id = jobs.submit("warm", Map.of());
                Eventually.holds("the run is running", TIMEOUT, () -> started.getCount() == 0);
                redis.process().kill();
                enough.countDown();
                assertThatThrownBy(() -> jobs.submit("warm", Map.of())).isInstanceOf(RedisUnavailableException.class);
                Eventually.holds(
                        "the outage is logged",
                        TIMEOUT,
                        () -> log.lines().stream().anyMatch(line -> line.contains("wait for Redis")));
                redis.process().restart();
                Eventually.within(
                        TIMEOUT,
                        () -> assertThat(jobs.find(id).orElseThrow().state()).isEqualTo(JobState.SUCCEEDED));
                Eventually.within(
                        TIMEOUT,
                        () -> assertThat(jobs.await(jobs.submit("warm", Map.of()), TIMEOUT)
                                        .state())
                                .isEqualTo(JobState.SUCCEEDED));
            }
            assertThat(log.lines().stream().filter(line -> line.contains("Jobs wait for Redis")))
                    .as("one warning for the outage")
                    .hasSize(1);
            assertThat(log.lines()).anyMatch(line -> line.contains("Redis is available again for jobs"));
        }
    }
}
