package io.gatehouse.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.RedisUnavailableException.Reason;
import io.gatehouse.jobs.JobOptions;
import io.gatehouse.jobs.JobResult;
import io.gatehouse.jobs.JobState;
import io.gatehouse.jobs.SubmitOptions;
import io.gatehouse.testing.Topology;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * When a node asks for runs: at once for a new run, and in time for a run with a delay and for a lease that ends. A wait in vain exceeds
 * the timeout of the test.
 */
@Timeout(60)
class RunNoticesTest extends JobNodes {
    private static final Duration LEASE = Duration.ofSeconds(5);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DELAY = Duration.ofMillis(300);
    private static final Duration TIMEOUT = Duration.ofSeconds(50);

    private final RedisJobs first = first(LEASE);
    private final RedisJobs second = second(LEASE);
    private final ExecutorService executor = Executors.newCachedThreadPool();

    RunNoticesTest(Topology topology) {
        super(topology);
    }

    @BeforeEach
    void connectNodes() {
        first.notices().sendBy(second.notices()::received);
    }

    @AfterEach
    void stopExecutor() {
        executor.shutdownNow();
    }

    /** Claims in vain, after which a node waits. */
    private static void assertIdle(RedisJobs node) throws InterruptedException {
        node.notices().due().await(Duration.ZERO);
        assertThat(node.claim(NAMES)).isEmpty();
    }

    private static JobClaim awaitRun(RedisJobs node) throws InterruptedException {
        node.notices().due().await(HOUR);
        return node.claim(NAMES).orElseThrow(() -> new AssertionError("it asked too early"));
    }

    @Test
    void everyNodeAsksAtOnceForANewRun() throws InterruptedException {
        assertIdle(first);
        assertIdle(second);
        String id = first.submit("warm", Map.of());
        first.notices().due().await(HOUR);
        assertThat(awaitRun(second).id()).isEqualTo(id);
    }

    @Test
    void everyNodeAsksAtOnceForARunThatIsFiredReturnedOrRepeated() throws InterruptedException {
        assertIdle(second);
        assertThat(first.fire("warm", Instant.EPOCH, "* * * * * UTC", false).submitted())
                .isTrue();
        JobClaim fired = awaitRun(second);
        assertThat(second.finish(fired, JobState.SUCCEEDED, JobProgress.NONE, null))
                .isTrue();

        String id = second.submit("warm", Map.of());
        JobClaim stopping = first.claim(NAMES).orElseThrow();
        assertIdle(second);
        assertThat(first.finish(stopping, JobState.QUEUED, JobProgress.NONE, null))
                .isTrue();
        JobClaim returned = awaitRun(second);
        assertThat(returned.id()).isEqualTo(id);

        assertThat(second.finish(returned, JobState.DEAD, JobProgress.NONE, null))
                .isTrue();
        assertIdle(second);
        assertThat(first.retry(id)).isTrue();
        assertThat(awaitRun(second).id()).isEqualTo(id);
    }

    @Test
    void aNodeThatHasAskedInVainKnowsWhenTheNextRunIsDue() throws InterruptedException {
        String id = first.submit("warm", Map.of(), SubmitOptions.delay(DELAY));
        first.submit("warm", Map.of(), SubmitOptions.delay(HOUR));
        first.submit("other", Map.of()); // due, but not for this node
        assertIdle(second);
        assertThat(awaitRun(second).id()).isEqualTo(id);
    }

    @Test
    void aNodeThatHasAskedInVainTakesOverWhenTheLeaseEnds() throws InterruptedException {
        RedisJobs dying = first(DELAY);
        String id = dying.submit("warm", Map.of());
        assertThat(dying.claim(NAMES)).isPresent();
        assertIdle(second);
        assertThat(awaitRun(second).id()).isEqualTo(id);
    }

    @Test
    void anAnnouncementTellsWhenTheNextRunIsDue() throws InterruptedException {
        String id = first.submit("warm", Map.of(), SubmitOptions.delay(DELAY));
        announceOnly(second);
        assertThat(awaitRun(second).id()).isEqualTo(id);
    }

    @Test
    void anAnnouncementTellsWhenALeaseEnds() throws InterruptedException {
        RedisJobs dying = first(DELAY);
        String id = dying.submit("warm", Map.of());
        assertThat(dying.claim(NAMES)).isPresent();
        announceOnly(second);
        assertThat(awaitRun(second).id()).isEqualTo(id);
    }

    @Test
    void anAnnouncementTellsThatARunIsDue() throws InterruptedException {
        RedisJobs silent = first(LEASE);
        String id = silent.submit("warm", Map.of());
        announceOnly(second);
        assertThat(awaitRun(second).id()).isEqualTo(id);
    }

    private static void announceOnly(RedisJobs node) throws InterruptedException {
        node.notices().due().await(Duration.ZERO); // forgets notices
        node.announce(NAMES.keySet(), HOUR);
    }

    @Test
    void aSubmissionSucceedsAlthoughNoNoticeCanBeSent() {
        first.notices().sendBy(() -> {
            throw new RedisUnavailableException(Reason.UNREACHABLE, "down", null);
        });
        assertThat(first.find(first.submit("warm", Map.of()))).isPresent();
    }

    /** The runner asks once an hour without notices and announcements. */
    @Test
    void aRunnerExecutesRunsOfOtherNodesWithAndWithoutNotices() {
        second.registry().registerBuiltIn("warm", context -> JobResult.of("done"), JobOptions.DEFAULT);
        try (JobRunner runner = new JobRunner(second, executor, HOUR)) {
            runner.start();
            assertThat(first.await(first.submit("warm", Map.of()), TIMEOUT).state())
                    .isEqualTo(JobState.SUCCEEDED);
            String delayed = first.submit("warm", Map.of(), SubmitOptions.delay(DELAY));
            assertThat(first.await(delayed, TIMEOUT).state()).isEqualTo(JobState.SUCCEEDED);
            RedisJobs silent = first(LEASE);
            assertThat(first.await(silent.submit("warm", Map.of()), TIMEOUT).state())
                    .isEqualTo(JobState.SUCCEEDED);
        }
    }

    @Test
    void aRunnerThatWaitsEndsAtOnceWhenItIsClosed() throws InterruptedException {
        JobRunner runner = new JobRunner(second, executor, HOUR);
        runner.start();
        runner.close();
        assertThat(runner.awaitEnd(Duration.ofSeconds(10))).isTrue();
    }
}
