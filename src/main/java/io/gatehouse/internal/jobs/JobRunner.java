package io.gatehouse.internal.jobs;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.jobs.RunningJob.StopReason;
import io.gatehouse.internal.tracing.Span;
import io.gatehouse.jobs.JobHandler;
import io.gatehouse.jobs.JobRun;
import io.gatehouse.jobs.JobState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Executes the runs of the jobs in the {@link JobRegistry} of this node, one at a time. A thread waits until a run may be due, claims it,
 * lets an executor call the handler, and stores the outcome. When a run may be due is known from a submission on this node, from a notice
 * of another node, and from the answers to a claim in vain and to each announcement of the {@link JobTicker}; see {@link DueTimer}.
 *
 * <p>A claim is a lease: the run belongs to this node for {@link RedisJobs#lease}, and a {@link LeaseRenewer} extends it. If the
 * node dies, the lease expires and another node claims the run. If the node cannot renew in time, it must assume that another
 * node has the run: the handler is asked to stop and its result is discarded. Each claim gets a higher fencing token, and Redis
 * rejects a renewal or an end with an outdated token, so that an outcome is never stored by a former holder of the lease.
 *
 * <p>A handler that exceeds its timeout is interrupted. If it goes on nevertheless, it is abandoned: its attempt has failed, and the
 * runner continues with other runs. While {@value #MAX_ABANDONED} abandoned handlers go on, the runner leaves runs of their jobs to
 * other nodes, so that they cannot use up the threads of the executor.
 *
 * <p>While Redis is unavailable the runner keeps trying and logs the outage once. Thread-safe.
 */
public final class JobRunner implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(JobRunner.class.getName());
    private static final Duration POLL_INTERVAL = Duration.ofMinutes(1);
    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration INTERRUPT_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration WITHDRAWAL_TIMEOUT = Duration.ofMillis(500);
    private static final int MAX_ABANDONED = 4;

    private final RedisJobs jobs;
    private final Executor executor;
    private final Duration pollInterval;
    private final JobObserver observer;
    private final OutageLogger outageLogger = new OutageLogger();
    private final LeaseRenewer renewer;
    private final JobTicker ticker;
    private final OutcomeRecorder recorder;
    private final Set<RunningJob> abandoned = ConcurrentHashMap.newKeySet();
    private final Thread claimer = new Thread(this::claimUntilClosed, "gatehouse-jobs");
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable RunningJob current;

    /**
     * Creates a runner that does nothing until it is started.
     *
     * @param executor calls the handlers, one at a time; may be the managed executor of the server
     * @param observer is notified of the ends of runs
     */
    public JobRunner(RedisJobs jobs, Executor executor, JobObserver observer) {
        this(jobs, executor, POLL_INTERVAL, observer);
    }

    /**
     * Creates a runner with another poll interval.
     *
     * @param pollInterval the longest time between two claims, whatever is known of the queue
     */
    JobRunner(RedisJobs jobs, Executor executor, Duration pollInterval) {
        this(jobs, executor, pollInterval, JobObserver.NONE);
    }

    JobRunner(RedisJobs jobs, Executor executor, Duration pollInterval, JobObserver observer) {
        this.jobs = jobs;
        this.executor = executor;
        this.pollInterval = pollInterval;
        this.observer = observer;
        this.renewer = new LeaseRenewer(jobs, outageLogger);
        this.ticker = new JobTicker(jobs, InstantSource.system(), outageLogger);
        this.recorder = new OutcomeRecorder(
                jobs,
                observer,
                outageLogger,
                () -> ThreadLocalRandom.current().nextDouble(),
                () -> awaitClose(retryInterval()));
        this.claimer.setDaemon(true);
    }

    /** Starts to claim runs; to be called once. */
    public void start() {
        jobs.checkNames();
        ticker.start();
        claimer.start();
        renewer.start();
    }

    /** Returns the name of the job that this node executes now, or empty if it is idle. */
    public Optional<String> running() {
        RunningJob job = current;
        return job == null ? Optional.empty() : Optional.of(job.details().name());
    }

    private Duration retryInterval() {
        return pollInterval.compareTo(RETRY_INTERVAL) < 0 ? pollInterval : RETRY_INTERVAL;
    }

    /** What the thread does after a claim. */
    private enum Next {
        /** Claim again. */
        CLAIM,
        /** Wait until a run may be due. */
        WAIT,
        /** Claim again after a pause, because this node cannot execute runs now. */
        PAUSE
    }

    private void claimUntilClosed() {
        Next next = Next.CLAIM;
        while (!awaitClose(next == Next.PAUSE ? retryInterval() : Duration.ZERO)
                && !awaitDue(next == Next.WAIT ? pollInterval : Duration.ZERO)) {
            try {
                next = pollOnce();
                outageLogger.onSuccess();
            } catch (GatehouseException e) {
                outageLogger.onFailure(e);
                next = Next.PAUSE;
            } catch (RuntimeException | Error e) { // without this thread no run would start
                LOG.log(System.Logger.Level.WARNING, "Could not execute a run", e);
                next = Next.PAUSE;
            }
        }
    }

    /** Claims and executes one run. */
    private Next pollOnce() {
        Map<String, Integer> attempts = executable();
        long before = System.nanoTime();
        JobClaim claim = attempts.isEmpty() ? null : jobs.claim(attempts).orElse(null);
        if (claim == null) {
            return Next.WAIT;
        }
        JobRun run = jobs.signed(claim).orElse(null);
        JobDefinition job =
                run == null ? null : jobs.registry().find(run.name()).orElse(null);
        if (run == null || job == null) {
            recorder.end(claim, JobState.FAILED, "not signed by a key of this application");
        } else if (claim.action() == JobClaim.ClaimAction.END_CANCELLED) {
            recorder.end(claim, JobState.CANCELLED, "cancelled");
        } else if (claim.action() == JobClaim.ClaimAction.END_GIVEN_UP) {
            recorder.end(
                    claim,
                    job.builtIn() ? JobState.FAILED : JobState.DEAD,
                    "given up after " + job.options().attempts() + " attempts");
        } else {
            return execute(new RunningJob(claim, run, job.withHandler(traced(job))), before);
        }
        return Next.CLAIM;
    }

    /** Returns the jobs of which this node claims runs, each with its maximum number of attempts. */
    private Map<String, Integer> executable() {
        abandoned.removeIf(RunningJob::hasEnded);
        Map<String, Integer> attempts = new HashMap<>();
        jobs.registry()
                .all()
                .forEach(job -> attempts.put(job.name(), job.options().attempts()));
        if (abandoned.size() >= MAX_ABANDONED) {
            abandoned.forEach(job -> attempts.remove(job.definition().name()));
        }
        return attempts;
    }

    private JobHandler traced(JobDefinition job) {
        return context -> {
            try (Span span = observer.begin(job.name())) {
                try {
                    return job.handler().run(context);
                } catch (Throwable e) {
                    span.failed(e);
                    throw e;
                }
            }
        };
    }

    /** Executes a run, if the executor accepts it, and stores its outcome. */
    private Next execute(RunningJob job, long heldSince) {
        Next next = Next.CLAIM;
        renewer.hold(job, heldSince);
        current = job;
        try {
            if (awaitClose(Duration.ZERO)) {
                job.stop(StopReason.CLOSING);
                job.interrupt();
            }
            executor.execute(job);
            if (!job.join(job.definition().options().timeout())) {
                timeOut(job);
            }
        } catch (InterruptedException e) {
            job.stop(StopReason.CLOSING); // the handler ignores the interrupt; its fencing token becomes outdated
        } catch (RuntimeException | Error e) { // it is full or has ended, or the process has too many threads
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The executor rejected job {0}: {1}",
                    job.details().name(),
                    e);
            job.stop(StopReason.CLOSING);
            job.interrupt();
            next = Next.PAUSE;
        }
        try {
            recorder.end(job);
        } finally {
            current = null;
            renewer.release(job);
        }
        return next;
    }

    /** Interrupts a handler that has exceeded its timeout. One that goes on keeps its thread, but the runner turns to other runs. */
    private void timeOut(RunningJob job) throws InterruptedException {
        job.stop(StopReason.TIMED_OUT);
        job.interrupt();
        if (!job.join(INTERRUPT_TIMEOUT)) {
            abandoned.add(job);
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Job {0} ignores its interrupt after its timeout of {1} and is abandoned; its thread goes on",
                    job.details().name(),
                    job.definition().options().timeout());
        }
    }

    /** Waits until a run may be due, the runner is closed or the timeout has passed; returns whether it is closed. */
    private boolean awaitDue(Duration timeout) {
        try {
            jobs.notices().due().await(timeout);
            return awaitClose(Duration.ZERO);
        } catch (InterruptedException e) {
            return true; // only close() interrupts this thread
        }
    }

    /** Waits until the runner is closed or the timeout has passed; returns whether it is closed. */
    private boolean awaitClose(Duration timeout) {
        try {
            return closed.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            return true; // only close() interrupts this thread
        }
    }

    /** Waits until the threads of a closed runner have ended; returns whether they have. */
    public boolean awaitEnd(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        boolean ended = renewer.awaitEnd(timeout);
        ended &= ticker.awaitEnd(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        claimer.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
        return ended && !claimer.isAlive();
    }

    /**
     * Stops the runner. A handler that is running is interrupted, and its run returned to the queue for another node. A handler that
     * has not stopped after two seconds is abandoned.
     */
    @Override
    public void close() {
        closed.countDown();
        jobs.notices().due().setNow(); // wakes the thread, which then ends
        ticker.close();
        abandoned.forEach(RunningJob::interrupt);
        RunningJob job = current;
        if (job != null) {
            job.stop(StopReason.CLOSING);
            job.interrupt();
        }
        try {
            claimer.join(STOP_TIMEOUT.toMillis());
            claimer.interrupt();
            claimer.join(INTERRUPT_TIMEOUT.toMillis());
            boolean unused = ticker.awaitEnd(WITHDRAWAL_TIMEOUT); // before the connections are closed
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            renewer.close();
        }
    }
}
