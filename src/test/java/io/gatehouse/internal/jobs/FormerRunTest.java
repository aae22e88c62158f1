package io.gatehouse.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.signing.KeyRing;
import io.gatehouse.jobs.JobHandler;
import io.gatehouse.jobs.JobOptions;
import io.gatehouse.jobs.JobResult;
import io.gatehouse.jobs.JobRun;
import io.gatehouse.jobs.JobState;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.Keys;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** Runs that a node of the version before JSON arguments has stored, with the signature that it made. */
@RedisTest
class FormerRunTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final KeyRing KEYS = Keys.ring("k1:HOyuJNIyDywbKhRBSVKsOTt-TIbvcEslNoV6t_oQMsI");
    private static final String ID = "AAAAAAAAAAAAAAAAAAAAAA";
    private static final long SUBMITTED = Instant.parse("2026-11-26T10:00:00Z").getEpochSecond() * 1_000_000;
    private static final String TAG = "k1.oLcbGSNxeRH4eWXDuPRQghZnFeZK0wEWCzzZ-xNIIBA";
    private static final String TAG_WITHOUT_ARGUMENTS = "k1._A-DNKP3J1xQ3lOubqtlJ7QamkQGgjRK-8_nJ6Z7GNc";

    private final TestRedis redis;

    FormerRunTest(TestRedis redis) {
        this.redis = redis;
    }

    private static Map<String, String> fields(String tag) {
        return new HashMap<>(Map.of(
                "name", "warm-users",
                "by", "1234@host",
                "tag", tag,
                "state", "queued",
                "submitted", String.valueOf(SUBMITTED)));
    }

    private static Map<String, String> withArguments() {
        Map<String, String> fields = fields(TAG);
        fields.put("a:keys", "user1, user2");
        fields.put("a:\u00e4", "\"\0{}");
        return fields;
    }

    private void store(Map<String, String> fields) {
        try (RedisClient client = redis.client()) {
            client.hset("gatehouse:{shop.j}:r:" + ID, fields);
            client.pexpire("gatehouse:{shop.j}:r:" + ID, 600_000);
            client.zadd("gatehouse:{shop.j}:q", (double) SUBMITTED, ID);
            client.pexpire("gatehouse:{shop.j}:q", 600_000);
        }
    }

    private JobRun executed(Map<String, String> fields) {
        store(fields);
        JobHandler handler = context -> JobResult.of(context.arguments().toString());
        ExecutorService executor = Executors.newCachedThreadPool();
        try (RedisConnections connections = Connections.with(
                Map.of("REDIS_CACHE_WARMING_URL", redis.url()), EnumSet.of(RedisPurpose.CACHE_WARMING))) {
            RedisJobs jobs = new RedisJobs(connections, KEYS, "gatehouse", "shop", "node-1");
            jobs.registry().registerBuiltIn("warm-users", handler, JobOptions.DEFAULT);
            assertThat(jobs.find(ID).orElseThrow().due()).isEqualTo(Instant.parse("2026-11-26T10:00:00Z"));
            try (JobRunner runner = new JobRunner(jobs, executor, Duration.ofMillis(20))) {
                runner.start();
                return jobs.await(ID, TIMEOUT);
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void aRunWithTextsAsArgumentsIsExecuted() {
        JobRun run = executed(withArguments());
        assertThat(run.state()).as(run.message()).isEqualTo(JobState.SUCCEEDED);
        assertThat(run.arguments()).containsOnly(Map.entry("keys", "user1, user2"), Map.entry("\u00e4", "\"\0{}"));
    }

    @Test
    void aRunWithoutArgumentsIsExecuted() {
        JobRun run = executed(fields(TAG_WITHOUT_ARGUMENTS));
        assertThat(run.state()).as(run.message()).isEqualTo(JobState.SUCCEEDED);
        assertThat(run.arguments()).isEmpty();
    }

    @Test
    void aRunWhoseTextsWereChangedIsNot() {
        Map<String, String> changed = withArguments();
        changed.put("a:keys", "user1");
        assertThat(executed(changed).state()).isEqualTo(JobState.FAILED);
    }

    @Test
    void textsCannotBePassedOffAsJson() {
        Map<String, String> changed = fields(TAG);
        changed.put("args", "{\"keys\":\"user1, user2\"}");
        assertThat(executed(changed).state()).isEqualTo(JobState.FAILED);
    }
}
