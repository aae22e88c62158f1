package io.gatehouse.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.jobs.JobCancelledException;
import io.gatehouse.jobs.JobContext;
import io.gatehouse.jobs.JobHandler;
import io.gatehouse.jobs.JobRefusedException;
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
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runners of jobs on two nodes. */
class JobRunnerTest extends JobNodes {
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Duration SOON = Duration.ofSeconds(10);
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

    private JobRunner runner(RedisJobs jobs, String name, JobHandler work) {
        JobRunner runner = new JobRunner(jobs, executor, PAUSE);
        runner.register(name, work);
        runner.start();
        runners.add(runner);
        return runner;
    }

    @Test
    void eachRunIsDoneOnceByOneOfTwoRunners() {
        AtomicInteger count = new AtomicInteger();
        JobHandler work = context -> JobResult.of("did " + context.argument("n", "?") + " " + count.incrementAndGet());
        runner(first, "warm", work);
        runner(second, "warm", work);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ids.add(first.submit("warm", Map.of("n", "" + i)));
        }
        for (int i = 0; i < 20; i++) {
            JobRun run = second.await(ids.get(i), SOON);
            assertThat(run.state()).isEqualTo(JobState.SUCCEEDED);
            assertThat(Objects.requireNonNull(run.result()).message())
                    .startsWith("did " + i + " ");
            assertThat(run.attempts()).isEqualTo(1);
            assertThat(run.finished()).isAfterOrEqualTo(run.started());
        }
        assertThat(count).hasValue(20);
        everyKeyEnds();
    }

    @Test
    void aRunnerTakesOverFromANodeThatHasDied() {
        RedisJobs dying = first(SHORT_LEASE);
        String id = dying.submit("warm", Map.of());
        JobClaim stale = dying.claim(NAMES).orElseThrow();
        AtomicLong fence = new AtomicLong();
        runner(second, "warm", context -> {
            fence.set(context.fencingToken());
            return JobResult.of("ok");
        });
        JobRun run = second.await(id, SOON);
        assertThat(run.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(run.node()).isEqualTo("node-2");
        assertThat(run.attempts()).isEqualTo(2);
        assertThat(fence.get()).isGreaterThan(Long.parseLong(stale.fence()));
    }

    @Test
    void aWorkThatTakesLongerThanTheLeaseKeepsItAndTellsOfItsProgress() {
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
                "progress is told", SOON, () -> run(second, id).message().equals("half"));
        runner(second, "warm", context -> JobResult.of("taken over"));
        JobRun later = second.await(id, SHORT_LEASE.multipliedBy(4));
        assertThat(later.state()).isEqualTo(JobState.RUNNING);
        enough.countDown();
        JobRun run = second.await(id, SOON);
        assertThat(run.result()).isEqualTo(new JobResult(2, 1, 3, 7, false, "ok"));
        assertThat(run.done()).isEqualTo(2);
        assertThat(run.message()).isEqualTo("all");
        assertThat(run.attempts()).isEqualTo(1);
    }

    @Test
    void aRunningWorkHearsThatItIsCancelled() {
        String id = first.submit("warm", Map.of());
        runner(first, "warm", JobRunnerTest::untilCancelled);
        Eventually.holds("it runs", SOON, () -> run(second, id).state() == JobState.RUNNING);
        assertThat(second.cancel(id)).isTrue();
        JobRun run = second.await(id, SOON);
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
    void aWorkThatHasLostItsLeaseHearsOfItAndItsResultIsDiscarded() {
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
        Eventually.holds("it runs", SOON, () -> run(second, id).state() == JobState.RUNNING);
        write(id, "fence", "1");
        Eventually.holds("it stops", SOON, () -> stopped.get() == 1);
        assertThat(run(second, id).result()).isNull();
        assertThat(run(second, id).state()).isIn(JobState.RUNNING, JobState.QUEUED);
    }

    @Test
    void aWorkThatThrowsHasFailed() {
        try (LogCapture log = new LogCapture("io.gatehouse.internal.jobs")) {
            runner(first, "warm", context -> {
                throw new IllegalStateException("no\nluck " + "x".repeat(300));
            });
            String id = second.submit("warm", Map.of());
            JobRun run = second.await(id, SOON);
            assertThat(run.state()).isEqualTo(JobState.FAILED);
            assertThat(run.message())
                    .startsWith("java.lang.IllegalStateException: no luck xxx")
                    .hasSize(200);
            assertThat(run.result()).isNull();
            Eventually.within(
                    SOON,
                    () -> assertThat(log.lines())
                            .anySatisfy(line -> assertThat(line).startsWith("WARNING job warm failed: java.lang.Ill")));
            String next = second.submit("warm", Map.of());
            assertThat(second.await(next, SOON).state()).as("goes on").isEqualTo(JobState.FAILED);
        }
    }

    @Test
    void aRunThatSomebodyChangedIsNotDone() {
        AtomicInteger count = new AtomicInteger();
        String id = first.submit("warm", Map.of("ids", "1"));
        write(id, "a:ids", "2");
        runner(first, "warm", context -> JobResult.of("" + count.incrementAndGet()));
        JobRun run = second.await(id, SOON);
        assertThat(run.state()).isEqualTo(JobState.FAILED);
        assertThat(run.message()).isEqualTo("not signed by this application's keys");
        assertThat(count).hasValue(0);
    }

    @Test
    void aRunThatHasKilledThreeNodesFails() {
        RedisJobs dying = first(Duration.ofMillis(1));
        String id = dying.submit("warm", Map.of());
        for (int attempt = 0; attempt < 3; attempt++) {
            Eventually.holds("it is claimed", SOON, () -> dying.claim(NAMES).isPresent());
        }
        runner(second, "warm", context -> JobResult.of("survived"));
        JobRun run = second.await(id, SOON);
        assertThat(run.state()).isEqualTo(JobState.FAILED);
        assertThat(run.message()).isEqualTo("given up after 3 attempts");
        assertThat(run.attempts()).isEqualTo(3);
    }

    @Test
    void aNameWaitsForANodeThatKnowsIt() {
        String unknown = first.submit("other", Map.of());
        String known = first.submit("warm", Map.of());
        runner(first, "warm", context -> JobResult.of("warm"));
        assertThat(second.await(known, SOON).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(run(second, unknown).state()).isEqualTo(JobState.QUEUED);
        runner(second, "other", context -> JobResult.of("other"));
        assertThat(first.await(unknown, SOON).node()).isEqualTo("node-2");
    }

    @Test
    void aRunnerThatStopsGivesItsRunBack() {
        CountDownLatch begun = new CountDownLatch(1);
        String id = first.submit("warm", Map.of());
        JobRunner stopping = runner(first(Duration.ofMinutes(1)), "warm", context -> {
            begun.countDown();
            new CountDownLatch(1).await();
            return JobResult.of("never");
        });
        Eventually.holds("it runs", SOON, () -> begun.getCount() == 0);
        stopping.close();
        assertThat(run(second, id).state()).isEqualTo(JobState.QUEUED);
        runner(second, "warm", context -> JobResult.of("ok"));
        JobRun run = second.await(id, SOON);
        assertThat(run.node()).isEqualTo("node-2");
        assertThat(run.attempts()).isEqualTo(1);
    }

    @Test
    void aJobNameHasOneHandler() {
        JobRunner runner = runner(first, "warm", context -> JobResult.of(""));
        assertThatThrownBy(() -> runner.register("warm", context -> JobResult.of("")))
                .hasMessageContaining("has a work already");
        assertThat(first.claim(Set.of())).isEmpty();
    }

    @Test
    void aRunOutsideTheLimitsIsRefused() {
        for (String name : List.of("", "Warm", "a b", "x".repeat(65))) {
            assertThatThrownBy(() -> first.submit(name, Map.of())).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> first.submit("warm", Map.of("ids", "é".repeat(2049))))
                .hasMessageContaining("4098 bytes");
        assertThatThrownBy(() -> first.submit("warm", Map.of("x".repeat(65), "")))
                .hasMessageContaining("65 characters");
        assertThatThrownBy(() -> first.submitOnce("warm", Duration.ZERO)).hasMessageContaining("period");
        assertThatThrownBy(() -> first.await("A".repeat(22), Duration.ZERO)).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void aThousandRunsMayWait() {
        for (int i = 0; i < 1000; i++) {
            first.submit("warm", Map.of());
        }
        assertThatThrownBy(() -> second.submit("warm", Map.of()))
                .isInstanceOf(JobRefusedException.class)
                .hasMessageContaining("1000 runs are waiting");
        assertThat(first.claim(NAMES)).isPresent();
        assertThat(second.submit("warm", Map.of())).isNotEmpty();
    }

    @Test
    void aRunThatTheExecutorRefusesWaitsForAnotherNode() {
        AtomicInteger refused = new AtomicInteger();
        JobRunner full = new JobRunner(
                first,
                work -> {
                    refused.incrementAndGet();
                    throw new RejectedExecutionException("full");
                },
                Duration.ofMinutes(1));
        full.register("warm", context -> JobResult.of("first"));
        runners.add(full);
        String id = first.submit("warm", Map.of());
        full.start();
        Eventually.holds(
                "it is given back",
                SOON,
                () -> refused.get() == 1 && run(second, id).state() == JobState.QUEUED);
        runner(second, "warm", context -> JobResult.of("second"));
        assertThat(second.await(id, SOON).result()).isEqualTo(JobResult.of("second"));
        assertThat(refused).hasValue(1);
    }
}
