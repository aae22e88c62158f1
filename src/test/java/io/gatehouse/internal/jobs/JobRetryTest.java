package io.gatehouse.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.jobs.JobHandler;
import io.gatehouse.jobs.JobOptions;
import io.gatehouse.jobs.JobRefusedException;
import io.gatehouse.jobs.JobResult;
import io.gatehouse.jobs.JobRun;
import io.gatehouse.jobs.JobState;
import io.gatehouse.jobs.SubmitOptions;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.Topology;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs of an application that fail, hang or wait. */
class JobRetryTest extends JobNodes {
    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration LEASE = Duration.ofSeconds(5);
    private static final JobOptions QUICK = JobOptions.DEFAULT.withBackoff(Duration.ofMillis(10));
    private static final String UNKNOWN = "A".repeat(22);

    private final List<JobRunner> runners = new ArrayList<>();
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final RedisJobs first = first(LEASE);
    private final RedisJobs second = second(LEASE);
    private final AtomicInteger attempts = new AtomicInteger();

    JobRetryTest(Topology topology) {
        super(topology);
    }

    @AfterEach
    void stopRunners() {
        runners.forEach(JobRunner::close);
        executor.shutdownNow();
    }

    private void run(RedisJobs jobs, JobHandler handler, JobOptions options) {
        jobs.register("warm", handler, options);
        JobRunner runner = new JobRunner(jobs, executor, POLL_INTERVAL);
        runner.start();
        runners.add(runner);
    }

    private JobRun dead(JobHandler handler, JobOptions options) {
        run(first, handler, options);
        JobRun run = second.await(second.submit("warm", Map.of()), TIMEOUT);
        assertThat(run.state()).isEqualTo(JobState.DEAD);
        return run;
    }

    @Test
    void anAttemptThatFailsIsRepeatedAfterAPause() {
        run(
                first,
                context -> {
                    if (attempts.incrementAndGet() < 3) {
                        throw new IllegalStateException("attempt " + attempts);
                    }
                    return JobResult.of("at last");
                },
                QUICK);
        JobRun run = second.await(second.submit("warm", Map.of()), TIMEOUT);
        assertThat(run.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(run.attempts()).isEqualTo(3);
        assertThat(run.result()).isEqualTo(JobResult.of("at last"));
        assertEveryKeyHasATimeToLive();
    }

    @Test
    void aRunWaitsForItsNextAttemptWithTheReason() {
        run(
                first,
                context -> {
                    attempts.incrementAndGet();
                    throw new IllegalStateException("no mail server");
                },
                JobOptions.DEFAULT.withBackoff(Duration.ofHours(1)));
        String id = second.submit("warm", Map.of());
        Eventually.holds(
                "the attempt is stored",
                TIMEOUT,
                () -> !run(second, id).message().isEmpty());
        JobRun run = run(second, id);
        assertThat(run.state()).isEqualTo(JobState.QUEUED);
        assertThat(run.message()).isEqualTo("java.lang.IllegalStateException: no mail server");
        assertThat(Duration.between(run.submitted(), run.due())).isBetween(Duration.ofMinutes(30), Duration.ofHours(2));
        assertThat(second.claim(NAMES)).as("not due yet").isEmpty();
        assertThat(second.cancel(id)).isTrue();
        assertThat(run(first, id).state()).isEqualTo(JobState.CANCELLED);
        assertThat(attempts).hasValue(1);
    }

    @Test
    void aRunIsDeadAfterItsLastAttemptAndCanBeRepeatedOrDiscarded() {
        JobRun run = dead(
                context -> {
                    if (attempts.incrementAndGet() <= 2) {
                        throw new IllegalStateException("no mail server");
                    }
                    return JobResult.of("sent");
                },
                QUICK.withAttempts(2));
        assertThat(run.attempts()).isEqualTo(2);
        assertThat(run.message()).contains("no mail server");
        assertThat(second.history(JobState.DEAD, 10)).containsExactly(run);
        assertThat(second.history(10)).containsExactly(run);
        assertThat(second.history(JobState.FAILED, 10)).isEmpty();
        assertThat(second.cancel(run.id())).isFalse();
        assertEveryKeyHasATimeToLive();

        assertThat(second.retry(run.id())).isTrue();
        JobRun repeated = second.await(run.id(), TIMEOUT);
        assertThat(repeated.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(repeated.attempts()).isEqualTo(1);
        assertThat(second.history(JobState.DEAD, 10)).isEmpty();
        assertThat(second.retry(run.id())).as("a run that has succeeded").isFalse();
        assertThat(second.discard(run.id())).isFalse();
    }

    @Test
    void aDeadRunCanBeDiscarded() {
        JobRun run = dead(
                context -> {
                    throw new IllegalStateException("no");
                },
                QUICK.withAttempts(1));
        assertThat(second.discard(run.id())).isTrue();
        assertThat(second.find(run.id())).isEmpty();
        assertThat(second.history(10)).isEmpty();
        assertThat(second.discard(run.id())).isFalse();
        assertThat(second.retry(run.id())).isFalse();
        assertThat(second.retry(UNKNOWN)).isFalse();
        assertThat(second.retry("x")).isFalse();
        assertThat(second.discard("x")).isFalse();
    }

    @Test
    void aDeadRunIsNotRepeatedIntoAFullQueue() {
        String id = first.submit("warm", Map.of());
        JobClaim claim = first.claim(NAMES).orElseThrow();
        assertThat(first.finish(claim, JobState.DEAD, JobProgress.NONE, null)).isTrue();
        for (int i = 0; i < 1000; i++) {
            first.submit("other", Map.of());
        }
        assertThatThrownBy(() -> second.retry(id)).isInstanceOf(JobRefusedException.class);
        assertThat(run(second, id).state()).isEqualTo(JobState.DEAD);
    }

    @Test
    void keepsTheLastTwoHundredDeadRunsBesideTheEndedOnes() {
        for (int i = 0; i < 201; i++) {
            first.submit("warm", Map.of());
            first.finish(first.claim(NAMES).orElseThrow(), JobState.DEAD, JobProgress.NONE, null);
        }
        String ended = first.submit("warm", Map.of());
        first.finish(first.claim(NAMES).orElseThrow(), JobState.SUCCEEDED, JobProgress.NONE, null);
        assertThat(second.history(JobState.DEAD, 1000)).hasSize(200);
        assertThat(second.find(ended)).isPresent();
        assertEveryKeyHasATimeToLive();
    }

    @Test
    void anErrorOrNullIsAFailedAttempt() {
        assertThat(dead(
                                context -> {
                                    if (attempts.incrementAndGet() == 1) {
                                        throw new StackOverflowError("too deep");
                                    }
                                    return nothing();
                                },
                                QUICK.withAttempts(2))
                        .message())
                .isEqualTo("the handler returned null; expected a result");
        assertThat(attempts).hasValue(2);
    }

    @SuppressWarnings("NullAway") // what an application may do
    private static JobResult nothing() {
        return null;
    }

    @Test
    void aHugeResultIsCut() {
        run(first, context -> JobResult.of("x".repeat(10_000_000)), QUICK);
        JobRun run = second.await(second.submit("warm", Map.of()), TIMEOUT);
        assertThat(run.result()).isEqualTo(JobResult.of("x".repeat(1000)));
    }

    @Test
    void aHandlerThatHangsIsInterruptedAndItsAttemptFails() {
        JobRun run = dead(
                context -> {
                    attempts.incrementAndGet();
                    new CountDownLatch(1).await();
                    return JobResult.of("never");
                },
                QUICK.withAttempts(2).withTimeout(Duration.ofMillis(100)));
        assertThat(run.message()).isEqualTo("timed out after PT0.1S");
        assertThat(attempts).hasValue(2);
    }

    @Test
    void aHandlerThatIgnoresItsInterruptIsAbandonedAndOtherRunsGoOn() {
        CountDownLatch enough = new CountDownLatch(1);
        first.register("other", context -> JobResult.of("done"));
        try (LogCapture log = new LogCapture("io.gatehouse.internal.jobs")) {
            JobRun run = dead(
                    context -> {
                        while (true) {
                            try {
                                enough.await();
                                return JobResult.of("too late");
                            } catch (InterruptedException e) {
                                attempts.incrementAndGet();
                            }
                        }
                    },
                    QUICK.withAttempts(1).withTimeout(Duration.ofMillis(100)));
            assertThat(attempts).hasValue(1);
            assertThat(log.lines()).anyMatch(line -> line.startsWith("WARNING Job warm ignores its interrupt"));
            JobRun other = second.await(second.submit("other", Map.of()), TIMEOUT);
            assertThat(other.state()).isEqualTo(JobState.SUCCEEDED);
            enough.countDown();
            assertThat(second.await(second.submit("other", Map.of()), TIMEOUT).state())
                    .isEqualTo(JobState.SUCCEEDED);
            assertThat(run(second, run.id()).state())
                    .as("a late result is ignored")
                    .isEqualTo(JobState.DEAD);
        } finally {
            enough.countDown();
        }
    }

    @Test
    void aRunWithTooManyDeadNodesIsDead() {
        RedisJobs dying = first(Duration.ofMillis(1));
        String id = dying.submit("warm", Map.of());
        for (int attempt = 0; attempt < 3; attempt++) {
            Eventually.holds(
                    "the run is claimed", TIMEOUT, () -> dying.claim(NAMES).isPresent());
        }
        run(second, context -> JobResult.of("survived"), JobOptions.DEFAULT);
        assertThat(second.await(id, TIMEOUT).state()).isEqualTo(JobState.DEAD);
    }

    @Test
    void aDelayedRunStartsWhenItIsDueOnAnotherNodeThanTheOneThatSubmittedIt() {
        String later = first.submit("warm", Map.of(), SubmitOptions.delay(Duration.ofHours(1)));
        String soon = first.submit("warm", Map.of(), SubmitOptions.delay(Duration.ofMillis(300)));
        assertThat(second.claim(NAMES)).isEmpty();
        run(second, context -> JobResult.of("done"), JobOptions.DEFAULT);
        JobRun run = second.await(soon, TIMEOUT);
        assertThat(run.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(run.started()).isAfterOrEqualTo(run.due());
        assertThat(Duration.between(run.submitted(), run.due())).isEqualTo(Duration.ofMillis(300));
        assertThat(run(second, later).state()).isEqualTo(JobState.QUEUED);
        assertEveryKeyHasATimeToLive();
    }

    @Test
    void aRunCanStartAtATime() {
        Instant in = Instant.now().plus(Duration.ofDays(29));
        String id = first.submit("warm", Map.of(), SubmitOptions.at(in));
        assertThat(Duration.between(in, run(second, id).due()).abs()).isLessThan(Duration.ofMillis(1));
        assertThat(second.claim(NAMES)).isEmpty();
        String past = first.submit("warm", Map.of(), SubmitOptions.at(Instant.MIN));
        assertThat(second.claim(NAMES).orElseThrow().id()).isEqualTo(past);
        for (Instant tooFar : List.of(in.plus(Duration.ofDays(2)), Instant.MAX)) {
            assertThatThrownBy(() -> first.submit("warm", Map.of(), SubmitOptions.at(tooFar)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at most 30 days ahead");
        }
        for (Duration delay : List.of(Duration.ofDays(31), Duration.ofMillis(-1))) {
            assertThatThrownBy(() -> SubmitOptions.delay(delay)).hasMessageContaining("expected 0 to 30 days");
        }
    }
}
