package io.gatehouse.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.jobs.JobRefusedException;
import io.gatehouse.jobs.JobResult;
import io.gatehouse.jobs.JobRun;
import io.gatehouse.jobs.JobState;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.Keys;
import io.gatehouse.testing.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** The queue of jobs on two nodes, without runners, so that each step is deterministic. */
class JobsTest extends JobNodes {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final RedisJobs first = first(LONG);
    private final RedisJobs second = second(LONG);

    JobsTest(Topology topology) {
        super(topology);
    }

    private static JobClaim claim(RedisJobs node) {
        return node.claim(NAMES).orElseThrow(() -> new AssertionError("nothing to claim"));
    }

    @Test
    void aRunSubmittedOnOneNodeIsVisibleOnTheOther() {
        String id = first.submit("warm", Map.of("ids", List.of("1,2", "\0\""), "région", "é"));
        JobRun seen = run(second, id);
        assertThat(id).matches("[A-Za-z0-9_-]{22}");
        assertThat(seen.state()).isEqualTo(JobState.QUEUED);
        assertThat(seen.name()).isEqualTo("warm");
        assertThat(seen.arguments()).isEqualTo(Map.of("ids", List.of("1,2", "\0\""), "région", "é"));
        assertThat(seen.submittedBy()).isEqualTo("node-1");
        assertThat(seen.node()).isNull();
        assertThat(seen.started()).isNull();
        assertThat(seen.finished()).isNull();
        assertThat(seen.result()).isNull();
        assertThat(second.find("unknown")).isEmpty();
        assertThat(second.find("A".repeat(22))).isEmpty();
    }

    @Test
    void aRunIsClaimedByOneNodeInTheOrderOfSubmission() {
        String early = first.submit("warm", Map.of());
        String late = first.submit("warm", Map.of());
        assertThat(claim(second).id()).isEqualTo(early);
        assertThat(claim(first).id()).isEqualTo(late);
        assertThat(second.claim(NAMES)).isEmpty();
        JobRun running = run(first, early);
        assertThat(running.state()).isEqualTo(JobState.RUNNING);
        assertThat(running.node()).isEqualTo("node-2");
        assertThat(running.attempts()).isEqualTo(1);
        assertThat(running.started()).isAfterOrEqualTo(running.submitted());
        assertEveryKeyHasATimeToLive();
    }

    @Test
    void anotherNodeClaimsARunAfterItsLeaseHasExpiredAndTheFirstIsRejected() {
        RedisJobs dying = first(SHORT_LEASE);
        String id = dying.submit("warm", Map.of());
        JobClaim stale = claim(dying);
        assertThat(second.claim(NAMES)).isEmpty();
        JobClaim taken = takenOver(second);
        assertThat(taken.id()).isEqualTo(id);
        assertThat(Long.parseLong(taken.fencingToken())).isGreaterThan(Long.parseLong(stale.fencingToken()));
        assertThat(dying.renew(stale, JobProgress.NONE)).isEqualTo(JobClaim.RenewalResult.LOST);
        assertThat(dying.finish(stale, JobState.SUCCEEDED, JobProgress.NONE, JobResult.of("stale")))
                .isFalse();
        assertThat(dying.finish(stale, JobState.QUEUED, JobProgress.NONE, null)).isFalse();
        JobRun running = run(first, id);
        assertThat(running.state()).isEqualTo(JobState.RUNNING);
        assertThat(running.node()).isEqualTo("node-2");
        assertThat(running.attempts()).isEqualTo(2);
        assertThat(second.finish(taken, JobState.SUCCEEDED, JobProgress.NONE, JobResult.of("done")))
                .isTrue();
        assertThat(second.finish(taken, JobState.SUCCEEDED, JobProgress.NONE, JobResult.of("done")))
                .as("after a retry")
                .isTrue();
        assertThat(run(first, id).result()).isEqualTo(JobResult.of("done"));
        assertThat(first.history(10)).hasSize(1);
    }

    private static JobClaim takenOver(RedisJobs node) {
        List<JobClaim> found = new ArrayList<>();
        Eventually.holds("the lease has expired", Duration.ofSeconds(5), () -> {
            node.claim(NAMES).ifPresent(found::add);
            return !found.isEmpty();
        });
        return found.get(0);
    }

    @Test
    void aRunIsGivenUpAfterThreeAttempts() {
        RedisJobs dying = first(Duration.ofMillis(20));
        dying.submit("warm", Map.of());
        for (int attempt = 1; attempt <= 3; attempt++) {
            assertThat(takenOver(dying).action()).isEqualTo(JobClaim.ClaimAction.RUN);
        }
        assertThat(takenOver(second).action()).isEqualTo(JobClaim.ClaimAction.END_GIVEN_UP);
    }

    @Test
    void aReturnedRunIsFirstInTheQueueAndHasUsedNoAttempt() {
        String id = first.submit("warm", Map.of());
        first.submit("warm", Map.of());
        JobClaim given = claim(first);
        assertThat(first.finish(given, JobState.QUEUED, JobProgress.NONE, null)).isTrue();
        assertThat(run(second, id).state()).isEqualTo(JobState.QUEUED);
        assertThat(claim(second).id()).isEqualTo(id);
        assertThat(run(second, id).attempts()).isEqualTo(1);
        assertThat(first.finish(given, JobState.SUCCEEDED, JobProgress.NONE, null))
                .isFalse();
    }

    @Test
    void theProgressOfARunIsVisibleOnEveryNode() {
        String id = first.submit("warm", Map.of());
        JobClaim claim = claim(first);
        assertThat(first.renew(claim, new JobProgress(3, 10, "x".repeat(300))))
                .isEqualTo(JobClaim.RenewalResult.RENEWED);
        JobRun seen = run(second, id);
        assertThat(seen.done()).isEqualTo(3);
        assertThat(seen.total()).isEqualTo(10);
        assertThat(seen.message()).isEqualTo("x".repeat(200));
    }

    @Test
    void aWaitingRunIsCancelledAtOnceAndARunningOneIsNotified() {
        String running = first.submit("warm", Map.of());
        String waiting = first.submit("warm", Map.of());
        JobClaim claim = claim(second);
        assertThat(first.cancel(waiting)).isTrue();
        assertThat(first.cancel(running)).isTrue();
        assertThat(run(second, waiting).state()).isEqualTo(JobState.CANCELLED);
        assertThat(second.claim(NAMES)).isEmpty();
        assertThat(run(second, running).state()).isEqualTo(JobState.RUNNING);
        assertThat(second.renew(claim, JobProgress.NONE)).isEqualTo(JobClaim.RenewalResult.CANCELLED);
        assertThat(second.finish(claim, JobState.QUEUED, JobProgress.NONE, null))
                .isTrue();
        assertThat(run(first, running).state()).as("after the cancellation").isEqualTo(JobState.CANCELLED);
        assertThat(first.cancel("A".repeat(22))).isFalse();
        assertEveryKeyHasATimeToLive();
    }

    @Test
    void onlyOneOfManyTimersSubmitsARunInAPeriod() throws Exception {
        List<Callable<Optional<String>>> timers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            RedisJobs node = i % 2 == 0 ? first : second;
            timers.add(() -> node.submitOnce("warm", Duration.ofDays(100)));
        }
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            int submitted = 0;
            for (Future<Optional<String>> timer : threads.invokeAll(timers)) {
                submitted += timer.get().isPresent() ? 1 : 0;
            }
            assertThat(submitted).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
        assertThat(first.finish(claim(first), JobState.SUCCEEDED, JobProgress.NONE, null))
                .isTrue();
        assertThat(first.submitOnce("warm", Duration.ofDays(100))).isEmpty();
        assertThat(first.submitOnce("other", Duration.ofDays(100))).isPresent();
        assertEveryKeyHasATimeToLive();
    }

    @Test
    void aTimerSubmitsNoRunWhileOneIsQueuedOrRunning() {
        Duration period = Duration.ofMillis(1);
        assertThat(first.submitOnce("warm", period)).isPresent();
        Eventually.nextMillisecond();
        assertThat(second.submitOnce("warm", period))
                .as("while a run is queued")
                .isEmpty();
        JobClaim claim = claim(first);
        assertThat(second.submitOnce("warm", period))
                .as("while a run is running")
                .isEmpty();
        first.finish(claim, JobState.SUCCEEDED, JobProgress.NONE, null);
        Eventually.nextMillisecond();
        assertThat(second.submitOnce("warm", period)).isPresent();
    }

    @Test
    void keepsTheLastHundredEndedRuns() {
        String oldest = first.submit("warm", Map.of());
        first.finish(claim(first), JobState.SUCCEEDED, JobProgress.NONE, null);
        for (int i = 0; i < 100; i++) {
            String id = first.submit("warm", Map.of());
            if (i % 2 == 0) {
                assertThat(second.cancel(id)).isTrue();
            } else {
                second.finish(claim(second), JobState.FAILED, JobProgress.NONE, null);
            }
        }
        String running = first.submit("warm", Map.of());
        claim(first);
        String waiting = second.submit("warm", Map.of());
        List<JobRun> history = second.history(1000);
        assertThat(history).hasSize(102);
        assertThat(history.get(0).id()).isEqualTo(waiting);
        assertThat(history.get(1).id()).isEqualTo(running);
        assertThat(history.get(2).state()).isEqualTo(JobState.FAILED);
        assertThat(second.history(2)).isEqualTo(history.subList(0, 2));
        assertThat(second.find(oldest)).isEmpty();
        long hashes = servers().stream()
                .flatMap(server -> server.keys().stream())
                .filter(key -> key.contains(":r:"))
                .count();
        assertThat(hashes).isEqualTo(102);
        assertEveryKeyHasATimeToLive();
    }

    @Test
    void acceptsOnlyRunsSignedWithAKeyOfTheApplication() {
        String id = first.submit("warm", Map.of("ids", "1"));
        assertThat(first.signed(claim(first))).isPresent();
        for (Map.Entry<String, String> forged : Map.of("args", "{}", "a:more", "1", "tag", "k1.AAAA", "name", "other")
                .entrySet()) {
            String next = first.submit("warm", Map.of("ids", "1"));
            write(next, forged.getKey(), forged.getValue());
            JobClaim claim = first.claim(Map.of("warm", 3, "other", 3)).orElseThrow();
            assertThat(first.signed(claim)).as(forged.getKey()).isEmpty();
        }
        RedisJobs stranger = second(Keys.random(), LONG);
        stranger.submit("warm", Map.of());
        assertThat(first.signed(claim(first))).isEmpty();
        assertThat(run(first, id).state()).isEqualTo(JobState.RUNNING);
    }

    @Test
    void aRunOutsideTheLimitsIsRejected() {
        for (String name : List.of("", "Warm", "a b", "x".repeat(65))) {
            assertThatThrownBy(() -> first.submit(name, Map.of())).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> first.submit("warm", Map.of("ids", "é".repeat(32_764))))
                .hasMessageContaining("65538 bytes");
        assertThatThrownBy(() -> first.submit("warm", Map.of("x".repeat(65), "")))
                .hasMessageContaining("65 characters");
        assertThatThrownBy(() -> first.submitOnce("warm", Duration.ZERO)).hasMessageContaining("period");
        assertThatThrownBy(() -> first.await("A".repeat(22), Duration.ZERO)).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void theQueueHoldsOneThousandRuns() {
        for (int i = 0; i < 1000; i++) {
            first.submit("warm", Map.of());
        }
        assertThatThrownBy(() -> second.submit("warm", Map.of()))
                .isInstanceOf(JobRefusedException.class)
                .hasMessageContaining("1000 runs are waiting");
        assertThat(first.claim(NAMES)).isPresent();
        assertThat(second.submit("warm", Map.of())).isNotEmpty();
    }
}
