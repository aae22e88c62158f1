package io.gatehouse.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.jobs.JobCancelledException;
import io.gatehouse.jobs.JobContext;
import io.gatehouse.jobs.JobHandler;
import io.gatehouse.jobs.JobOptions;
import io.gatehouse.jobs.JobResult;
import io.gatehouse.jobs.JobRun;
import io.gatehouse.jobs.JobState;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs that {@link JobRunner}s on two nodes execute. */
class JobRunnerTest extends JobNodes {
    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LEASE = Duration.ofSeconds(1);

    private final List<JobRunner> runners = new ArrayList<>();
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final RedisJobs first = first(LEASE);
    private final RedisJobs second = second(LEASE);

    JobRunnerTest(Topology topology) {
        super(topology);
    }

    @AfterEach
    void stopRunners() {
        runners.forEach(JobRunner::close);
        executor.shutdownNow();
        assertThat(Thread.getAllStackTraces().keySet().stream().map(Thread::getName))
                .doesNotContain("gatehouse-jobs");
    }

    private JobRunner runner(RedisJobs jobs, String name, JobHandler handler) {
        JobRunner runner = new JobRunner(jobs, executor, POLL_INTERVAL);
        jobs.registry().registerBuiltIn(name, handler, JobOptions.DEFAULT);
        runner.start();
        runners.add(runner);
        return runner;
    }

    @Test
    void eachRunIsExecutedOnceByOneOfTwoRunners() {
        AtomicInteger count = new AtomicInteger();
        JobHandler handler =
                context -> JobResult.of("did " + context.argument("n", "?") + " " + count.incrementAndGet());
        runner(first, "warm", handler);
        runner(second, "warm", handler);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ids.add(first.submit("warm", Map.of("n", "" + i)));
        }
        for (int i = 0; i < 20; i++) {
            JobRun run = second.await(ids.get(i), TIMEOUT);
            assertThat(run.state()).isEqualTo(JobState.SUCCEEDED);
            assertThat(Objects.requireNonNull(run.result()).message()).startsWith("did " + i + " ");
            assertThat(run.attempts()).isEqualTo(1);
            assertThat(run.finished()).isAfterOrEqualTo(run.started());
        }
        assertThat(count).hasValue(20);
        assertEveryKeyHasATimeToLive();
    }

    @Test
    void aRunnerClaimsTheRunOfANodeThatHasDied() {
        RedisJobs dying = first(SHORT_LEASE);
        String id = dying.submit("warm", Map.of());
        JobClaim stale = dying.claim(NAMES).orElseThrow();
        AtomicLong fence = new AtomicLong();
        runner(second, "warm", context -> {
            fence.set(context.fencingToken());
            return JobResult.of("ok");
        });
        JobRun run = second.await(id, TIMEOUT);
        assertThat(run.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(run.node()).isEqualTo("node-2");
        assertThat(run.attempts()).isEqualTo(2);
        assertThat(fence.get()).isGreaterThan(Long.parseLong(stale.fencingToken()));
    }

    @Test
    void aHandlerThatRunsLongerThanTheLeaseKeepsItAndReportsProgress() {
        CountDownLatch enough = new CountDownLatch(1);
        RedisJobs brief = first(SHORT_LEASE);
        String id = brief.submit("warm", Map.of());
        runner(brief, "warm", context -> {
            context.progress(1, 2, "half");
            enough.await();
            context.progress(2, 2, "all");
            return new JobResult(2, 1, 3, 7, false, "ok");
        });
        Eventually.holds(
                "the progress is stored",
                TIMEOUT,
                () -> run(second, id).message().equals("half"));
        runner(second, "warm", context -> JobResult.of("taken over"));
        JobRun later = second.await(id, SHORT_LEASE.multipliedBy(4));
        assertThat(later.state()).isEqualTo(JobState.RUNNING);
        enough.countDown();
        JobRun run = second.await(id, TIMEOUT);
        assertThat(run.result()).isEqualTo(new JobResult(2, 1, 3, 7, false, "ok"));
        assertThat(run.done()).isEqualTo(2);
        assertThat(run.message()).isEqualTo("all");
        assertThat(run.attempts()).isEqualTo(1);
    }

    @Test
    void aRunningHandlerLearnsThatItsRunIsCancelled() {
        String id = first.submit("warm", Map.of());
        runner(first, "warm", JobRunnerTest::untilCancelled);
        Eventually.holds("the run is running", TIMEOUT, () -> run(second, id).state() == JobState.RUNNING);
        assertThat(second.cancel(id)).isTrue();
        JobRun run = second.await(id, TIMEOUT);
        assertThat(run.state()).isEqualTo(JobState.CANCELLED);
        assertThat(run.message()).isEqualTo("cancelled");
    }

    private static JobResult untilCancelled(JobContext context) {
        while (true) {
            context.checkCancelled();
            Thread.onSpinWait();
        }
    }

    @Test
    void aHandlerThatHasLostItsLeaseIsStoppedAndItsResultDiscarded() {
        AtomicInteger stopped = new AtomicInteger();
        String id = first.submit("warm", Map.of());
        runner(first, "warm", context -> {
            try {
                return untilCancelled(context);
            } catch (JobCancelledException e) {
                stopped.incrementAndGet();
                return JobResult.of("stale");
            }
        });
        Eventually.holds("the run is running", TIMEOUT, () -> run(second, id).state() == JobState.RUNNING);
        write(id, "fence", "1");
        Eventually.holds("the handler stops", TIMEOUT, () -> stopped.get() == 1);
        assertThat(run(second, id).result()).isNull();
        assertThat(run(second, id).state()).isIn(JobState.RUNNING, JobState.QUEUED);
    }

    @Test
    void aHandlerThatThrowsFailsItsRun() {
        try (LogCapture log = new LogCapture("io.gatehouse.internal.jobs")) {
            runner(first, "warm", context -> {
                throw new IllegalStateException("no\nluck " + "x".repeat(300));
            });
            String id = second.submit("warm", Map.of());
            JobRun run = second.await(id, TIMEOUT);
            assertThat(run.state()).isEqualTo(JobState.FAILED);
            assertThat(run.message())
                    .startsWith("java.lang.IllegalStateException: no luck xxx")
                    .hasSize(200);
            assertThat(run.result()).isNull();
            Eventually.within(
                    TIMEOUT,
                    () -> assertThat(log.lines())
                            .anySatisfy(line -> assertThat(line).startsWith("WARNING Job warm failed: java.lang.Ill")));
            String next = second.submit("warm", Map.of());
            assertThat(second.await(next, TIMEOUT).state())
                    .as("the runner continues")
                    .isEqualTo(JobState.FAILED);
        }
    }

    @Test
    void aRunWithAnInvalidSignatureIsNotExecuted() {
        AtomicInteger count = new AtomicInteger();
        String id = first.submit("warm", Map.of("ids", "1"));
        write(id, "args", "{\"ids\":\"2\"}");
        runner(first, "warm", context -> JobResult.of("" + count.incrementAndGet()));
        JobRun run = second.await(id, TIMEOUT);
        assertThat(run.state()).isEqualTo(JobState.FAILED);
        assertThat(run.message()).isEqualTo("not signed by a key of this application");
        assertThat(count).hasValue(0);
    }

    @Test
    void aRunFailsAfterThreeNodesHaveDied() {
        RedisJobs dying = first(Duration.ofMillis(1));
        String id = dying.submit("warm", Map.of());
        for (int attempt = 0; attempt < 3; attempt++) {
            Eventually.holds(
                    "the run is claimed", TIMEOUT, () -> dying.claim(NAMES).isPresent());
        }
        runner(second, "warm", context -> JobResult.of("survived"));
        JobRun run = second.await(id, TIMEOUT);
        assertThat(run.state()).isEqualTo(JobState.FAILED);
        assertThat(run.message()).isEqualTo("given up after 3 attempts");
        assertThat(run.attempts()).isEqualTo(3);
    }

    @Test
    void aRunWaitsForANodeWithAHandler() {
        String unknown = first.submit("other", Map.of());
        String known = first.submit("warm", Map.of());
        runner(first, "warm", context -> JobResult.of("warm"));
        assertThat(second.await(known, TIMEOUT).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(run(second, unknown).state()).isEqualTo(JobState.QUEUED);
        runner(second, "other", context -> JobResult.of("other"));
        assertThat(first.await(unknown, TIMEOUT).node()).isEqualTo("node-2");
    }

    @Test
    void aRunnerThatStopsReturnsItsRunToTheQueue() {
        CountDownLatch started = new CountDownLatch(1);
        String id = first.submit("warm", Map.of());
        JobRunner stopping = runner(first(Duration.ofMinutes(1)), "warm", context -> {
            started.countDown();
            new CountDownLatch(1).await();
            return JobResult.of("never");
        });
        Eventually.holds("the run is running", TIMEOUT, () -> started.getCount() == 0);
        stopping.close();
        assertThat(run(second, id).state()).isEqualTo(JobState.QUEUED);
        runner(second, "warm", context -> JobResult.of("ok"));
        JobRun run = second.await(id, TIMEOUT);
        assertThat(run.node()).isEqualTo("node-2");
        assertThat(run.attempts()).isEqualTo(1);
    }

    @Test
    void aJobNameHasOneHandler() {
        runner(first, "warm", context -> JobResult.of(""));
        assertThatThrownBy(() -> first.register("warm", context -> JobResult.of("")))
                .hasMessageContaining("Job warm has two handlers: Gatehouse and io.gatehouse");
        assertThat(second.claim(Map.of())).isEmpty();
    }

    @Test
    void aRunThatTheExecutorRejectsWaitsForAnotherNode() {
        AtomicInteger refused = new AtomicInteger();
        JobRunner full = new JobRunner(
                first,
                task -> {
                    refused.incrementAndGet();
                    throw new RejectedExecutionException("full");
                },
                Duration.ofMinutes(1));
        first.registry().registerBuiltIn("warm", context -> JobResult.of("first"), JobOptions.DEFAULT);
        runners.add(full);
        String id = first.submit("warm", Map.of());
        full.start();
        Eventually.holds(
                "it is given back",
                TIMEOUT,
                () -> refused.get() > 0 && run(second, id).state() == JobState.QUEUED);
        runner(second, "warm", context -> JobResult.of("second"));
        assertThat(second.await(id, TIMEOUT).result()).isEqualTo(JobResult.of("second"));
        assertThat(refused.get()).as("it tries again after a pause of a second").isLessThan(20);
    }
}
