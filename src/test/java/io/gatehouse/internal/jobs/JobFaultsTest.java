package io.gatehouse.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.jobs.JobHandler;
import io.gatehouse.jobs.JobOptions;
import io.gatehouse.jobs.JobResult;
import io.gatehouse.jobs.JobState;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Executors and handlers that fail in ways that must not stop the runner, and what a runner leaves behind. */
class JobFaultsTest extends JobNodes {
    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final JobHandler DONE = context -> JobResult.of("done");

    private final List<JobRunner> runners = new ArrayList<>();
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final RedisJobs first = first(Duration.ofSeconds(5));
    private final RedisJobs second = second(Duration.ofSeconds(5));

    JobFaultsTest(Topology topology) {
        super(topology);
    }

    @AfterEach
    void stopRunners() {
        runners.forEach(JobRunner::close);
        executor.shutdownNow();
    }

    private JobRunner start(JobRunner runner) {
        runners.add(runner);
        runner.start();
        return runner;
    }

    /** A managed executor of an application that stops, and a process without threads. */
    @Test
    void aRunnerSurvivesWhateverItsExecutorThrows() {
        List<Supplier<Throwable>> faults = List.of(
                () -> new IllegalStateException("the component has ended"),
                () -> new OutOfMemoryError("unable to create native thread"));
        AtomicInteger calls = new AtomicInteger();
        first.register("warm", DONE);
        start(new JobRunner(
                first,
                task -> {
                    int call = calls.getAndIncrement();
                    if (call < faults.size()) {
                        throw JobFaultsTest.<RuntimeException>unchecked(
                                faults.get(call).get());
                    }
                    executor.execute(task);
                },
                POLL_INTERVAL));
        String id = second.submit("warm", Map.of());
        assertThat(second.await(id, TIMEOUT).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(calls).hasValue(3);
        assertThat(run(second, id).attempts())
                .as("the executor used up no attempt")
                .isEqualTo(1);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> T unchecked(Throwable fault) throws T {
        throw (T) fault;
    }

    @Test
    void aRunWithOneAttemptIsStartedOnceEvenIfItsNodeStops() {
        CountDownLatch started = new CountDownLatch(1);
        first.register(
                "warm",
                context -> {
                    started.countDown();
                    new CountDownLatch(1).await();
                    return JobResult.of("never");
                },
                JobOptions.DEFAULT.withAttempts(1));
        String id = second.submit("warm", Map.of());
        JobRunner stopping = start(new JobRunner(first, executor, POLL_INTERVAL));
        Eventually.holds("the handler runs", TIMEOUT, () -> started.getCount() == 0);
        stopping.close();
        assertThat(run(second, id).state()).isEqualTo(JobState.DEAD);
        assertThat(run(second, id).message()).isEqualTo("its node stopped during its only attempt");
    }

    @Test
    void aNodeThatStopsWithdrawsTheNamesOfItsJobs() {
        first.register("warm", DONE);
        JobRunner stopping = start(new JobRunner(first, executor, POLL_INTERVAL));
        Eventually.within(TIMEOUT, () -> assertThat(second.names()).containsExactly("warm"));
        stopping.close();
        assertThat(second.names()).isEmpty();
    }

    /** Alerts watch the metrics, which the observer fills. */
    @Test
    void theObserverLearnsOfRunsThatOtherNodesHaveUsedUp() {
        RedisJobs dying = first(Duration.ofMillis(1));
        String id = dying.submit("warm", Map.of());
        for (int attempt = 0; attempt < 3; attempt++) {
            Eventually.holds(
                    "the run is claimed", TIMEOUT, () -> dying.claim(NAMES).isPresent());
        }
        List<String> ended = new CopyOnWriteArrayList<>();
        second.register("warm", DONE);
        start(new JobRunner(second, executor, POLL_INTERVAL, (job, state, took) -> ended.add(job + " " + state)));
        assertThat(second.await(id, TIMEOUT).state()).isEqualTo(JobState.DEAD);
        Eventually.within(TIMEOUT, () -> assertThat(ended).containsExactly("warm DEAD"));
    }

    @Test
    void handlersThatNeverEndUseABoundedNumberOfThreads() {
        AtomicInteger hanging = new AtomicInteger();
        CountDownLatch released = new CountDownLatch(1);
        first.register(
                "warm",
                context -> {
                    hanging.incrementAndGet();
                    while (released.getCount() > 0) {
                        try {
                            released.await();
                        } catch (InterruptedException e) {
                            // goes on
                        }
                    }
                    return JobResult.of("done");
                },
                JobOptions.DEFAULT.withAttempts(1).withTimeout(Duration.ofMillis(500)));
        first.register("other", DONE);
        List<String> runs = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            runs.add(second.submit("warm", Map.of()));
        }
        try {
            start(new JobRunner(first, executor, POLL_INTERVAL));
            Eventually.within(
                    TIMEOUT, () -> assertThat(run(second, runs.get(3)).state()).isEqualTo(JobState.DEAD));
            assertThat(second.await(second.submit("other", Map.of()), TIMEOUT).state())
                    .isEqualTo(JobState.SUCCEEDED);
            assertThat(hanging).hasValue(4);
            assertThat(run(second, runs.get(4)).state()).isEqualTo(JobState.QUEUED);
        } finally {
            released.countDown();
        }
        assertThat(second.await(runs.get(5), TIMEOUT).state()).isEqualTo(JobState.SUCCEEDED);
    }
}
