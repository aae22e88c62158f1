package io.gatehouse.internal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.cli.Console.Ended;
import io.gatehouse.internal.jobs.JobObserver;
import io.gatehouse.internal.jobs.JobRunner;
import io.gatehouse.internal.jobs.RedisJobs;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.jobs.JobHandler;
import io.gatehouse.jobs.JobOptions;
import io.gatehouse.jobs.JobResult;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.Keys;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tests what a command prints while it waits for a run, and its exit code. */
class JobWaiterTest {
    private static TestRedis redis;
    private static RedisConnections connections;
    private static ExecutorService executor;

    @BeforeAll
    static void start() {
        redis = TestRedis.start();
        connections = Connections.with(
                Map.of("REDIS_CACHE_WARMING_URL", redis.url()), EnumSet.of(RedisPurpose.CACHE_WARMING));
        executor = Executors.newCachedThreadPool();
    }

    @AfterAll
    static void stop() {
        executor.shutdownNow();
        connections.close();
        redis.close();
    }

    /** Runs the warmup command while a node handles it with the given handler. */
    private static Ended warm(Console console, JobHandler handler) {
        RedisJobs jobs = new RedisJobs(connections, Keys.ring(App.KEYS), "gatehouse", "shop", "node-1");
        JobRunner runner = new JobRunner(jobs, executor, JobObserver.NONE);
        jobs.registry().registerBuiltIn("warm-users", handler, JobOptions.DEFAULT);
        runner.start();
        Eventually.holds(
                "the node is known", Duration.ofSeconds(20), () -> !jobs.names().isEmpty());
        try {
            return console.run("warm", "--scope", "user");
        } finally {
            runner.close();
        }
    }

    private static Ended warm(JobHandler handler) {
        return warm(Console.of(redis.url()), handler);
    }

    @Test
    void exitsWithFourIfSomeKeysWereNotWarmed() {
        assertThat(warm(context -> new JobResult(3, 0, 0, 3, true, "all")).code())
                .isZero();
        Ended failed = warm(context -> new JobResult(3, 10, 0, 13, true, "most"));
        assertThat(failed.code()).isEqualTo(4);
        assertThat(failed.out()).isEqualTo("warm-users succeeded: most (node node-1)" + System.lineSeparator());
        assertThat(warm(context -> new JobResult(3, 0, 0, 0, false, "some")).code())
                .isEqualTo(4);
    }

    @Test
    void ignoresTheTextOfAResult() {
        assertThat(warm(context -> JobResult.of("10 failed, not complete")).code())
                .isZero();
    }

    @Test
    void exitsWithOneIfTheRunFails() {
        Ended ended = warm(context -> {
            throw new IllegalStateException("no data source");
        });
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).startsWith("warm-users failed: ").contains("node-1");
    }

    @Test
    void printsProgressInNewLinesOrOverwritesOneOnATerminal() {
        Console file = Console.of(redis.url());
        Ended plain = warm(file, untilShown(file));
        assertThat(plain.code()).as(plain.errors()).isZero();
        assertThat(plain.errors())
                .contains("gatehouse: warm-users on node-1: 1 of 4 user" + System.lineSeparator())
                .doesNotContain("\r");
        Console terminal = Console.of(redis.url()).terminal();
        assertThat(warm(terminal, untilShown(terminal)).errors())
                .contains("\rwarm-users on node-1: [#####               ] 25% 1 of 4");
    }

    private static JobHandler untilShown(Console console) {
        return context -> {
            context.progress(1, 4, "user");
            Eventually.holds(
                    "progress is shown",
                    Duration.ofSeconds(20),
                    () -> console.errorsSoFar().contains("1 of 4"));
            return JobResult.of("4 warmed, 0 without a value, 0 failed");
        };
    }
}
